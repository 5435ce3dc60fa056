CREATE TABLE t (s text, r text);
DO $$ BEGIN
  ALTER TABLE t ADD CONSTRAINT c CHECK (s IN ('a', 'b'));
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN
  ALTER TABLE t ADD CONSTRAINT c CHECK (s IN ('never'));
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c') THEN
    ALTER TABLE t ADD CONSTRAINT c CHECK (s IN ('never'));
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'd' AND conrelid = 't'::regclass) THEN
    ALTER TABLE t ADD CONSTRAINT d CHECK (r IN ('x'));
  END IF;
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'kind') THEN
    ALTER TABLE t ADD COLUMN kind text CHECK (kind IN ('k'));
  END IF;
  IF EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'u') THEN
    ALTER TABLE u ADD COLUMN kind text CHECK (kind IN ('k'));
  END IF;
END $$;
DO $$ BEGIN ALTER TABLE t ADD COLUMN s text CHECK (s IN ('z')); EXCEPTION WHEN duplicate_column THEN NULL; END $$;
DO $$ BEGIN CREATE TABLE t (x text CHECK (x IN ('z'))); EXCEPTION WHEN duplicate_table THEN NULL; END $$;
