-- Every review has its project by now, so the column can be required, and point to the table of the projects.
BEGIN;

ALTER TABLE "reviews" ALTER COLUMN "project_id" SET NOT NULL;

CREATE INDEX reviews_project_id_idx ON public.reviews USING btree (project_id);

ALTER TABLE "reviews" ADD CONSTRAINT "reviews_project_id_fkey" FOREIGN KEY (project_id) REFERENCES projects(id) ON UPDATE CASCADE ON DELETE RESTRICT;

COMMIT;
