CREATE TYPE status AS ENUM ('a', 'b', 'old');
CREATE TABLE t (s status NOT NULL DEFAULT 'a', other text);
ALTER TYPE status RENAME TO status_old;
CREATE TYPE status AS ENUM ('a', 'b', 'new');
ALTER TABLE t ALTER COLUMN s DROP DEFAULT;
ALTER TABLE t ALTER COLUMN s TYPE status USING s::text::status;
ALTER TABLE t ALTER COLUMN s SET DEFAULT 'a';
DROP TYPE status_old;
