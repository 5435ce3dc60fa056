CREATE TYPE a AS ENUM ('old');
DO $$ BEGIN
  CREATE TYPE a AS ENUM ('new');
EXCEPTION WHEN duplicate_object THEN null;
END $$;
DO $$ BEGIN CREATE TYPE b AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN NULL; END; $$ LANGUAGE plpgsql;
DO $$ BEGIN
  CREATE TYPE c AS ENUM ('c');
  CREATE TYPE a AS ENUM ('x');
EXCEPTION WHEN SQLSTATE '42710' THEN CREATE TYPE c2 AS ENUM ('handled');
END $$;
DO $$ BEGIN
  CREATE TYPE d AS ENUM ('d');
  CREATE TYPE a AS ENUM ('x');
END $$;
DO LANGUAGE plpgsql $body$
DECLARE v text := 'e';
BEGIN
  BEGIN
    CREATE TYPE e AS ENUM ('e');
    RAISE EXCEPTION 'no';
  EXCEPTION WHEN undefined_table OR others THEN RAISE NOTICE 'x';
  END;
  EXECUTE 'CREATE TYPE f AS ENUM (''f'', ''g'')';
  EXECUTE format('CREATE TYPE %I AS ENUM (%L, %L)', 'F', 'it''s', v);
  EXECUTE 'ALTER TYPE f ADD VALUE ' || quote_literal('h');
END $body$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') THEN
    CREATE TYPE a AS ENUM ('guarded');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typname = 'g' AND n.nspname = 'public') THEN
    CREATE TYPE g AS ENUM ('g');
  END IF;
  IF EXISTS (SELECT FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'g' AND e.enumlabel = 'g') THEN
    ALTER TYPE g RENAME VALUE 'g' TO 'renamed';
  ELSIF to_regtype('public.g') IS NULL THEN
    CREATE TYPE gg AS ENUM ('x');
  ELSE
    ALTER TYPE g ADD VALUE 'not';
  END IF;
  IF to_regtype('h') IS NULL THEN CREATE TYPE h AS ENUM ('h'); END IF;
  IF (SELECT count(*) FROM pg_type WHERE typname = 'i') = 0 THEN CREATE TYPE i AS ENUM ('i'); END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'j' AND enumtypid = 'i'::regtype) THEN
    ALTER TYPE i ADD VALUE 'j';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'k'
      AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'i')) THEN
    ALTER TYPE i ADD VALUE 'k' BEFORE 'i';
  END IF;
END $$;
DO 'BEGIN CREATE TYPE k AS ENUM (''k''); END';
DO $$
DECLARE label text; found boolean;
BEGIN
  FOREACH label IN ARRAY ARRAY['l1', 'l2'] LOOP
    EXECUTE format('ALTER TYPE k ADD VALUE IF NOT EXISTS %L', label);
  END LOOP;
  SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'k') INTO found;
  IF found THEN ALTER TYPE k ADD VALUE 'found'; END IF;
  IF NOT found THEN ALTER TYPE k ADD VALUE 'not found'; END IF;
  RETURN;
  ALTER TYPE k ADD VALUE 'never';
END $$;
DO $$ BEGIN
  IF true AND NOT false THEN
    CASE WHEN 1 = 1 THEN NULL; ELSE NULL; END CASE;
  END IF;
  <<inner>>
  DECLARE x int := (SELECT CASE WHEN true THEN 1 ELSE 2 END);
  BEGIN
    PERFORM 1;
    CREATE TYPE m AS ENUM ('m');
  END inner;
END $$;
DO $$ BEGIN RAISE EXCEPTION 'x'; CREATE TYPE n AS ENUM ('n'); EXCEPTION WHEN raise_exception THEN CREATE TYPE o AS ENUM ('o'); END $$;
