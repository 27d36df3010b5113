-- The portal: 25 tables around the recruits. All of it takes hold, or nothing does.
-- Prisma wrote it. Two things are ours: the order, and the end. What touches "recruits" comes last, because a lock is
-- held to the COMMIT: while the new tables are made, everybody goes on working.
BEGIN;

-- CreateEnum
CREATE TYPE "CardStatus" AS ENUM ('backlog', 'ready', 'in_progress', 'review', 'done');

-- CreateEnum
CREATE TYPE "Verdict" AS ENUM ('competent', 'not_yet', 'excellent');

-- CreateEnum
CREATE TYPE "OfferStatus" AS ENUM ('sent', 'accepted', 'declined');

-- CreateTable
CREATE TABLE "campuses" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "city" TEXT NOT NULL,

    CONSTRAINT "campuses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tracks" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "tracks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coaches" (
    "id" SERIAL NOT NULL,
    "first_name" TEXT NOT NULL,
    "surname" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "lead_id" INTEGER,

    CONSTRAINT "coaches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cohorts" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "campus_id" INTEGER NOT NULL,
    "track_id" INTEGER NOT NULL,

    CONSTRAINT "cohorts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recruit_profiles" (
    "recruit_id" INTEGER NOT NULL,
    "about" TEXT NOT NULL,
    "homepage" TEXT,

    CONSTRAINT "recruit_profiles_pkey" PRIMARY KEY ("recruit_id")
);

-- CreateTable
CREATE TABLE "emergency_contacts" (
    "id" SERIAL NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "phone" TEXT NOT NULL,

    CONSTRAINT "emergency_contacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "skills" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "skills_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "track_id" INTEGER NOT NULL,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrolments" (
    "id" SERIAL NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "project_id" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "enrolments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submissions" (
    "id" SERIAL NOT NULL,
    "enrolment_id" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reviews" (
    "id" SERIAL NOT NULL,
    "submission_id" INTEGER NOT NULL,
    "reviewer_id" INTEGER,
    "verdict" "Verdict" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_comments" (
    "id" SERIAL NOT NULL,
    "review_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "review_comments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "boards" (
    "id" SERIAL NOT NULL,
    "cohort_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "boards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cards" (
    "id" SERIAL NOT NULL,
    "board_id" INTEGER NOT NULL,
    "assignee_id" INTEGER,
    "title" TEXT NOT NULL,
    "status" "CardStatus" NOT NULL DEFAULT 'backlog',

    CONSTRAINT "cards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "card_moves" (
    "id" SERIAL NOT NULL,
    "card_id" INTEGER NOT NULL,
    "to" "CardStatus" NOT NULL,
    "moved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "card_moves_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lessons" (
    "id" SERIAL NOT NULL,
    "cohort_id" INTEGER NOT NULL,
    "coach_id" INTEGER,
    "held_on" DATE NOT NULL,

    CONSTRAINT "lessons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attendances" (
    "lesson_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "minutes" INTEGER NOT NULL,

    CONSTRAINT "attendances_pkey" PRIMARY KEY ("lesson_id","recruit_id")
);

-- CreateTable
CREATE TABLE "quizzes" (
    "id" SERIAL NOT NULL,
    "track_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "quizzes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quiz_attempts" (
    "id" SERIAL NOT NULL,
    "quiz_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "score" INTEGER NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quiz_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "devices" (
    "id" SERIAL NOT NULL,
    "serial" TEXT NOT NULL,
    "campus_id" INTEGER NOT NULL,

    CONSTRAINT "devices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "device_loans" (
    "id" SERIAL NOT NULL,
    "device_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "back_on" DATE,

    CONSTRAINT "device_loans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "companies" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "companies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offers" (
    "id" SERIAL NOT NULL,
    "company_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "salary" INTEGER NOT NULL,
    "status" "OfferStatus" NOT NULL DEFAULT 'sent',

    CONSTRAINT "offers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "interviews" (
    "id" SERIAL NOT NULL,
    "company_id" INTEGER NOT NULL,
    "recruit_id" INTEGER NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "interviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_ProjectToSkill" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_ProjectToSkill_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "campuses_name_key" ON "campuses"("name");

-- CreateIndex
CREATE UNIQUE INDEX "tracks_name_key" ON "tracks"("name");

-- CreateIndex
CREATE UNIQUE INDEX "coaches_email_key" ON "coaches"("email");

-- CreateIndex
CREATE INDEX "coaches_lead_id_idx" ON "coaches"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "cohorts_name_key" ON "cohorts"("name");

-- CreateIndex
CREATE INDEX "cohorts_campus_id_idx" ON "cohorts"("campus_id");

-- CreateIndex
CREATE INDEX "cohorts_track_id_idx" ON "cohorts"("track_id");

-- CreateIndex
CREATE INDEX "emergency_contacts_recruit_id_idx" ON "emergency_contacts"("recruit_id");

-- CreateIndex
CREATE UNIQUE INDEX "skills_name_key" ON "skills"("name");

-- CreateIndex
CREATE INDEX "projects_track_id_idx" ON "projects"("track_id");

-- CreateIndex
CREATE INDEX "enrolments_project_id_idx" ON "enrolments"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "enrolments_recruit_id_project_id_key" ON "enrolments"("recruit_id", "project_id");

-- CreateIndex
CREATE INDEX "submissions_enrolment_id_idx" ON "submissions"("enrolment_id");

-- CreateIndex
CREATE INDEX "reviews_submission_id_idx" ON "reviews"("submission_id");

-- CreateIndex
CREATE INDEX "reviews_reviewer_id_idx" ON "reviews"("reviewer_id");

-- CreateIndex
CREATE INDEX "review_comments_review_id_idx" ON "review_comments"("review_id");

-- CreateIndex
CREATE INDEX "review_comments_recruit_id_idx" ON "review_comments"("recruit_id");

-- CreateIndex
CREATE INDEX "boards_cohort_id_idx" ON "boards"("cohort_id");

-- CreateIndex
CREATE INDEX "cards_board_id_idx" ON "cards"("board_id");

-- CreateIndex
CREATE INDEX "cards_assignee_id_idx" ON "cards"("assignee_id");

-- CreateIndex
CREATE INDEX "card_moves_card_id_idx" ON "card_moves"("card_id");

-- CreateIndex
CREATE INDEX "lessons_cohort_id_idx" ON "lessons"("cohort_id");

-- CreateIndex
CREATE INDEX "lessons_coach_id_idx" ON "lessons"("coach_id");

-- CreateIndex
CREATE INDEX "attendances_recruit_id_idx" ON "attendances"("recruit_id");

-- CreateIndex
CREATE INDEX "quizzes_track_id_idx" ON "quizzes"("track_id");

-- CreateIndex
CREATE INDEX "quiz_attempts_quiz_id_idx" ON "quiz_attempts"("quiz_id");

-- CreateIndex
CREATE INDEX "quiz_attempts_recruit_id_idx" ON "quiz_attempts"("recruit_id");

-- CreateIndex
CREATE UNIQUE INDEX "devices_serial_key" ON "devices"("serial");

-- CreateIndex
CREATE INDEX "devices_campus_id_idx" ON "devices"("campus_id");

-- CreateIndex
CREATE INDEX "device_loans_device_id_idx" ON "device_loans"("device_id");

-- CreateIndex
CREATE INDEX "device_loans_recruit_id_idx" ON "device_loans"("recruit_id");

-- CreateIndex
CREATE INDEX "offers_company_id_idx" ON "offers"("company_id");

-- CreateIndex
CREATE INDEX "offers_recruit_id_idx" ON "offers"("recruit_id");

-- CreateIndex
CREATE INDEX "interviews_company_id_idx" ON "interviews"("company_id");

-- CreateIndex
CREATE INDEX "interviews_recruit_id_idx" ON "interviews"("recruit_id");

-- CreateIndex
CREATE INDEX "_ProjectToSkill_B_index" ON "_ProjectToSkill"("B");

-- AddForeignKey
ALTER TABLE "coaches" ADD CONSTRAINT "coaches_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "coaches"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cohorts" ADD CONSTRAINT "cohorts_campus_id_fkey" FOREIGN KEY ("campus_id") REFERENCES "campuses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cohorts" ADD CONSTRAINT "cohorts_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "tracks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "projects" ADD CONSTRAINT "projects_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "tracks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_enrolment_id_fkey" FOREIGN KEY ("enrolment_id") REFERENCES "enrolments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submissions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "reviews"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "boards" ADD CONSTRAINT "boards_cohort_id_fkey" FOREIGN KEY ("cohort_id") REFERENCES "cohorts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cards" ADD CONSTRAINT "cards_board_id_fkey" FOREIGN KEY ("board_id") REFERENCES "boards"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card_moves" ADD CONSTRAINT "card_moves_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "cards"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_cohort_id_fkey" FOREIGN KEY ("cohort_id") REFERENCES "cohorts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coaches"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_lesson_id_fkey" FOREIGN KEY ("lesson_id") REFERENCES "lessons"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quizzes" ADD CONSTRAINT "quizzes_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "tracks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quiz_attempts" ADD CONSTRAINT "quiz_attempts_quiz_id_fkey" FOREIGN KEY ("quiz_id") REFERENCES "quizzes"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "devices" ADD CONSTRAINT "devices_campus_id_fkey" FOREIGN KEY ("campus_id") REFERENCES "campuses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_loans" ADD CONSTRAINT "device_loans_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "devices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offers" ADD CONSTRAINT "offers_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interviews" ADD CONSTRAINT "interviews_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "companies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProjectToSkill" ADD CONSTRAINT "_ProjectToSkill_A_fkey" FOREIGN KEY ("A") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ProjectToSkill" ADD CONSTRAINT "_ProjectToSkill_B_fkey" FOREIGN KEY ("B") REFERENCES "skills"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What no model can say: indexes over a part of the rows and over an expression, a check, and views.
CREATE INDEX "offers_open" ON "offers"("company_id") WHERE "status" = 'sent';

CREATE INDEX "companies_name_lower" ON "companies"(lower("name"));

ALTER TABLE "quiz_attempts" ADD CONSTRAINT "quiz_attempts_score" CHECK ("score" BETWEEN 0 AND 100);

CREATE VIEW "device_register" AS
SELECT d."id", d."serial", c."name" AS "campus", c."city"
FROM "devices" d JOIN "campuses" c ON c."id" = d."campus_id";

-- From here on the recruits are touched. A foreign key locks the table that it points to as well: whoever writes a
-- recruit waits for the COMMIT. Whoever reads one does not wait before the ALTER TABLE below.

-- AddForeignKey
ALTER TABLE "recruit_profiles" ADD CONSTRAINT "recruit_profiles_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "emergency_contacts" ADD CONSTRAINT "emergency_contacts_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "recruits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_comments" ADD CONSTRAINT "review_comments_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cards" ADD CONSTRAINT "cards_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "recruits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quiz_attempts" ADD CONSTRAINT "quiz_attempts_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_loans" ADD CONSTRAINT "device_loans_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offers" ADD CONSTRAINT "offers_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interviews" ADD CONSTRAINT "interviews_recruit_id_fkey" FOREIGN KEY ("recruit_id") REFERENCES "recruits"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "recruits" ADD COLUMN     "buddy_id" INTEGER,
ADD COLUMN     "coach_id" INTEGER;

-- CreateIndex
CREATE INDEX "recruits_coach_id_idx" ON "recruits"("coach_id");

-- AddForeignKey
ALTER TABLE "recruits" ADD CONSTRAINT "recruits_coach_id_fkey" FOREIGN KEY ("coach_id") REFERENCES "coaches"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recruits" ADD CONSTRAINT "recruits_buddy_id_fkey" FOREIGN KEY ("buddy_id") REFERENCES "recruits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE INDEX "recruits_without_coach" ON "recruits"("cohort") WHERE "coach_id" IS NULL;

CREATE INDEX "recruits_rocketchat_user_lower" ON "recruits"(lower("rocketchat_user"));

-- The cohort of a recruit is a text, and no foreign key: those of the C25 to the C28 have no row in "cohorts".
CREATE VIEW "recruit_cards" AS
SELECT r."id", r."first_name" || ' ' || r."surname" AS "name", r."rocketchat_user" AS "chat", r."cohort", c."starts_on"
FROM "recruits" r LEFT JOIN "cohorts" c ON c."name" = r."cohort";

CREATE VIEW "offer_cards" AS
SELECT o."id", c."name" AS "company", r."first_name" || ' ' || r."surname" AS "recruit", o."salary", o."status"
FROM "offers" o JOIN "companies" c ON c."id" = o."company_id" JOIN "recruits" r ON r."id" = o."recruit_id";

COMMIT;
