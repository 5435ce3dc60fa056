\set ON_ERROR_STOP off
\echo it's fine
CREATE TYPE a AS ENUM ('x');
\unset x
ALTER TYPE a ADD VALUE 'y';
