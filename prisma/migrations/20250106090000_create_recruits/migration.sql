-- The first table. "TEXT NOT NULL" is what "String" in the model means: every recruit has a value here.
CREATE TABLE "recruits" (
    "id" SERIAL NOT NULL,
    "first_name" TEXT NOT NULL,
    "surname" TEXT NOT NULL,
    "chatname" TEXT NOT NULL,
    "github_name" TEXT NOT NULL,
    "id_number" TEXT NOT NULL,

    CONSTRAINT "recruits_pkey" PRIMARY KEY ("id")
);
