-- CREATE TYPE a AS ENUM ('no');
/* CREATE TYPE b AS ENUM ('no'); */
/* outer /* inner */ CREATE TYPE c AS ENUM ('no'); */
CREATE /* here */ TYPE -- there
  d /* /* */ */ AS ENUM ( -- x
  'a', /* 'b', */ 'c' -- , 'd'
);
CREATE TYPE e AS ENUM ('a' /* , 'b' */);;;
; -- nothing
