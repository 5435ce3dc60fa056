CREATE TYPE a AS ENUM ('it''s', '', ' a', 'a ', 'A', ')', ';', '--x', '/* y */', '$$', '"q"', 'é', '日本', '$1');
CREATE TYPE b AS ENUM (E'a\'b', E'tab\there', E'\x41\101\u0042', E'\\', U&'\0061', U&'d!0061t!+000061' UESCAPE '!');
CREATE TYPE c AS ENUM ($$label$$, $tag$it's $$ here$tag$, 'foo'
   'bar', 'one' -- a comment between
   'two');
CREATE TYPE d AS ENUM (E'x\n'
  'y\n', 'back\slash', U&'\D83D\DE00', E'\uD83D\uDE00x');
CREATE TYPE e AS ENUM ();
