CREATE TABLE a_table_with_a_rather_long_name_indeed (a_column_with_an_even_longer_name_than_that text CHECK (a_column_with_an_even_longer_name_than_that IN ('a')));
CREATE TABLE t (a_b text CHECK (a_b IN ('x')));
CREATE TABLE t_a (b text CHECK (b IN ('x')));
CREATE TABLE m (a text CHECK (a IN ('x')) CHECK (a IN ('x', 'y')), b text, CHECK (a IN ('x') AND b IN ('y')), CHECK (a <> b));
ALTER TABLE m DROP CONSTRAINT m_a_check1;
ALTER TABLE m ADD CHECK (a IN ('x', 'z'));
CREATE TABLE n (a text, CONSTRAINT n_a_check CHECK (a IN ('1')), CHECK (a IN ('1', '2')));
CREATE TABLE o (a text CHECK (a IN ('1')), b text, CONSTRAINT o_a_check CHECK (b IN ('2')));
CREATE TABLE p (a text CHECK ('x' IN ('x')), b int, CHECK (b > 0));
