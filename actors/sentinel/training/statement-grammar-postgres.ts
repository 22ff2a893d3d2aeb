/**
 * Shapes of honest PostgreSQL, one in a line (`¶` breaks one): `<rule>` inserts one, `<?rule>` half of
 * the time. Written for this training; no statement of any test suite is in it.
 */
export const postgresGrammar: Readonly<Record<string, string>> = {
  statement: `<query>
<query>
<query>
<query>
<constant>
<constant>
<constant>
<change>
<change>
<define>
<define>
<define>
<utility>
<utility>
<catalogue>
<routine>
<several>
<odd>`,
  query: `SELECT <items> FROM <from><?where><?group><?order><?limit>
SELECT <items> FROM <from><?where><?order>
SELECT <items> FROM <from> WHERE <test>
SELECT * FROM <from> WHERE <test> ORDER BY <n1>
SELECT DISTINCT ON (<c>) <items> FROM <from> ORDER BY <c>, <c> DESC NULLS LAST
SELECT <c>, <window> FROM <t>
SELECT <window> FROM <t> WINDOW w AS (PARTITION BY <c> ORDER BY <c>)
WITH <w> AS (<query>) <query>
WITH <w> AS MATERIALIZED (SELECT <items> FROM <t>), <w> AS (SELECT <n>) SELECT * FROM <w>
WITH RECURSIVE <w>(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM <w> WHERE n < <n>) SELECT sum(n) FROM <w>
WITH RECURSIVE <w>(n) AS (SELECT <n> UNION ALL SELECT n+<n> FROM <w> WHERE n < <n>) SELECT n FROM <w> LIMIT <n>
WITH RECURSIVE q AS (SELECT id, parent_id, <n> AS depth FROM <t> WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id, q.depth + 1 FROM <t> c JOIN q ON q.id = c.parent_id) SELECT * FROM q
WITH <w> AS (DELETE FROM <t> WHERE <test> RETURNING *) INSERT INTO <w> SELECT * FROM <w>
SELECT <c> FROM <t> UNION SELECT <c> FROM <t>
SELECT <c> FROM <t><?where> UNION ALL SELECT <c> FROM <t><?where> ORDER BY 1
SELECT <c>, <s> AS kind FROM <t> WHERE <c> > <n> UNION ALL SELECT <c>, <s> FROM <t> WHERE <c> <= <n>
SELECT <c> FROM <t> EXCEPT SELECT <c> FROM <t><?order>
SELECT <c> FROM <t> WHERE <test> INTERSECT SELECT <c> FROM <t> WHERE <test>
SELECT <c> FROM <t> WHERE <test> EXCEPT SELECT <c> FROM <t> WHERE <test>
SELECT * FROM <t> <w>, LATERAL (SELECT <items> FROM <t> WHERE <c> = <w>.id) x
SELECT * FROM generate_series(<n>, <n>) AS g(<w>)<?where>
SELECT * FROM generate_series('2024-01-01'::date, '2024-12-31', '1 month') d
SELECT * FROM (VALUES (<n>, <s>), (<n>, <s>)) AS v(id, name)
SELECT <c>, count(*) FROM <t> GROUP BY GROUPING SETS ((<c>), (<c>, <c>), ())
SELECT <c>, sum(<c>) FROM <t> GROUP BY ROLLUP (<c>, <c>) HAVING sum(<c>) > <n>
SELECT * FROM <t> TABLESAMPLE BERNOULLI (<n>) REPEATABLE (<n>)
SELECT * FROM <t> WHERE (<c>, <c>) IN (SELECT <c>, <c> FROM <t>)
SELECT <c> FROM <t> WHERE <c> = <n> FOR UPDATE SKIP LOCKED
SELECT <c> FROM <t> ORDER BY <c> OFFSET <n> ROWS FETCH FIRST <n> ROWS ONLY
SELECT * FROM <t> NATURAL FULL JOIN <t>
SELECT * FROM <t> a LEFT JOIN <t> b ON a.id = b.id AND <test> WHERE b.id IS NULL
SELECT * FROM <t> a JOIN <t> b USING (<c>) WHERE a.<c> = <s>
SELECT * FROM json_to_recordset('[{"a":1,"b":"<w>"}]') AS x(a int, b text)
SELECT * FROM unnest(ARRAY[<n>,<n>], ARRAY[<s>,<s>]) WITH ORDINALITY
SELECT <w>.* FROM ROWS FROM (generate_series(1,<n>), unnest(ARRAY[<s>])) <w>
TABLE <t>
VALUES (<n>), (<n>), (<e>)
SELECT NULL
SELECT <items> FROM <t> WHERE true<?order>
SELECT <items> FROM <t> WHERE 1=1 AND <test>
SELECT <items> FROM <t> WHERE 1 = 0
SELECT * FROM <t> WHERE NOT (<test>)
SELECT count(*) FROM <t> WHERE <c> IS NOT NULL AND <c> <> ''
SELECT (SELECT count(*) FROM <t> WHERE <test>) AS <w>, (SELECT max(<c>) FROM <t>)
SELECT * FROM <t> WHERE <c> = (SELECT max(<c>) FROM <t>)
SELECT * FROM <t> x WHERE <n> < (SELECT count(*) FROM <t> y WHERE y.<c> = x.<c>)
SELECT * FROM crosstab('select <c>, <c> from <t> where <c> = ''<w>''') AS ct(a text, b int)
SELECT * FROM <t> WHERE EXISTS (SELECT 1 FROM <t> WHERE <test>)`,
  constant: `SELECT <lit> = <lit>
SELECT <lit> <cmp> <lit> AS <w>
SELECT <lit> <cmp> <lit> AS "<w>"
SELECT <n> + <n>, <n> * <n> AS <w>
SELECT <n> = <n> OR <n> = <n>
SELECT <b> AND <b> AS <w>
SELECT <b> OR <b>, NOT <b>
SELECT 'x' = 'x' AND <n> > <n>
SELECT <s> LIKE <s> AS "true"
SELECT <s> NOT LIKE <s> ESCAPE '#' AS "false"
SELECT 'abc' ~ '^a.c$', 'abc' SIMILAR TO 'a_c', 'ABC' ~* 'b'
SELECT <n> BETWEEN <n> AND <n>
SELECT <n> IN (<n>, <n>, NULL)
SELECT <n> = ANY (ARRAY[<n>,<n>])
SELECT '' = ''
SELECT 'a' || 'b' || <n>
SELECT 'first'¶' - next line' AS joined
SELECT <n> UNION SELECT <n>
SELECT <n> AS two UNION ALL SELECT <n> ORDER BY 1
SELECT <n>.0 AS <w> UNION SELECT <n> UNION SELECT <n>
SELECT <s> UNION ALL SELECT <s>
SELECT <n>, <s> UNION ALL SELECT NULL, <s>
(SELECT <n>) INTERSECT (SELECT <n> UNION SELECT <n>)
((SELECT <n>)) UNION ALL ((SELECT <n> UNION ALL SELECT <n>)) ORDER BY 1 LIMIT <n>
SELECT <n>, <n>, <n> UNION ALL SELECT <n>, <n>, <n>
SELECT <lit>::<type>
SELECT CAST(<lit> AS <type>) AS <w>
SELECT <type> <s>
SELECT date '2020-02-29' + interval '1 year', timestamp with time zone '2001-02-16 20:38:40-05' AT TIME ZONE 'UTC'
SELECT extract(epoch FROM interval '1 day'), date_part('year', timestamp '2001-02-03')
SELECT ARRAY[<n>,<n>] <aop> ARRAY[<n>]
SELECT ARRAY[[<n>,<n>],[<n>,<n>]], (ARRAY[<n>,<n>,<n>])[2:3]
SELECT '{"<w>": {"<w>": [<n>, null, "<w>"]}}'::jsonb <jop> '<w>'
SELECT '{"a":1}'::jsonb @> '{"a":1}', jsonb_path_query('{"a":[1,2]}', '$.a[*] ? (@ > 1)')
SELECT to_json(<s>::text), json_build_object('<w>', <n>), '[1,2]'::json->1
SELECT row(<n>,<s>) = row(<n>,<s>), ROW(<n>, NULL) IS NULL
SELECT <n> IS DISTINCT FROM NULL AS "yes"
SELECT NULL = NULL, NULL IS NULL
SELECT E'\\\\x41' || E'it\\'s', U&'d\\0061t\\+000061', B'1010' & B'0110', X'1FF'
SELECT U&'\\0041', U&'d!0061t!+000061' UESCAPE '!'
SELECT $$it's <w>$$, $q$<w> '' "<w>" -- <w>$q$
SELECT 'a''b', 'it''s -- <w>', '/* <w> */', '; <w>'
SELECT length('<w>'), upper('<w>'), substring('<w>' from <n1> for <n1>), position('<w>' in '<w>'), trim(both 'x' from 'x<w>x')
SELECT repeat('<w>', <n>), lpad('<w>', <n>, '*'), md5('<w>'), chr(<n>), ascii('<w>'), translate('<w>', 'ab', 'ba')
SELECT '192.168.1.0/24'::inet >> '192.168.1.5', '(<n>,<n>)'::point <-> '(0,0)'::point, '[<n>,<n>)'::int4range && '[1,5]'::int4range
SELECT to_char(<n>, '999G999D99'), to_timestamp('05 Dec 2000', 'DD Mon YYYY'), '$<n>.00'::money
SELECT to_tsvector('english', 'the <w> and <w>') @@ to_tsquery('<w> & (<w> | !<w>)')
SELECT <n> / 0
SELECT -<n> % <n>, @ -<n>, |/ <n>, <n> ^ <n>, <n> # <n>, ~<n>, <n> << <n1>
SELECT <n>e<n1>::float8, 'NaN'::numeric, 'Infinity'::float8 = '-Infinity'
SELECT CASE WHEN <n> = <n> THEN <s> WHEN <b> THEN <s> ELSE <s> END
SELECT CASE <n> WHEN <n> THEN 'one' END AS "case"
SELECT COALESCE(NULL, <n>), NULLIF(<n>, <n>), GREATEST(<n>, <n>)
SELECT pg_typeof(<lit>), pg_input_is_valid(<s>, '<type>')
SELECT '<root><a>x</a></root>'::xml, xmlelement(name <w>, '<w>')
SELECT (<n>)::int4 <> '<n>'::int8
SELECT '\\x<n><n>'::bytea, encode('<w>', 'hex'), decode('MTIz', 'base64')
SELECT 'abc' COLLATE "C" < 'ABC' COLLATE "en_US"
SELECT 0x1F, 0b101, 1_000_000, 0o17
SELECT pg_sleep(0.<n1>)
SELECT '<n>' < <n>, 'f'::bool OR 't'::bool, bool 'yes', true IS NOT UNKNOWN`,
  change: `INSERT INTO <t> VALUES (<n>, <s>)
INSERT INTO <t> VALUES (<n>, <s>, <e>), (<n>, <s>, DEFAULT), (<n>, NULL, <lit>)
INSERT INTO <t> (<c>, <c>) VALUES (<lit>, <lit>) RETURNING *
INSERT INTO <t>(<c>) SELECT <c> FROM <t><?where>
INSERT INTO <t> SELECT i, 'row ' || i FROM generate_series(1, <n>) i
INSERT INTO <t> DEFAULT VALUES
INSERT INTO <t> VALUES (<n>, <s>) ON CONFLICT (<c>) DO UPDATE SET <c> = EXCLUDED.<c> WHERE <test>
INSERT INTO <t> VALUES (<n>) ON CONFLICT ON CONSTRAINT <w> DO NOTHING
INSERT INTO <t> VALUES ('{<n>,<n>}', '{"a","b,c"}', '(<n>,<n>)', ARRAY[]::int[])
INSERT INTO <t> VALUES ('<w>'), (' <w>'), ('<w> ''<w>'''), (E'a\\nb'), ('')
UPDATE <t> SET <c> = <e><?where>
UPDATE <t> SET <c> = <lit>, <c> = DEFAULT WHERE <test> RETURNING <c>
UPDATE <t> SET (<c>, <c>) = (SELECT <c>, <c> FROM <t> WHERE <test>)
UPDATE <t> AS x SET <c> = x.<c> + <n> FROM <t> y WHERE x.id = y.id AND y.<c> = <s>
UPDATE <t> SET <c> = jsonb_set(<c>, '{<w>,0}', '"<w>"') WHERE <c> ? '<w>'
DELETE FROM <t>
DELETE FROM <t> WHERE <test>
DELETE FROM <t> USING <t> y WHERE <t>.id = y.id AND <test>
DELETE FROM <t> WHERE <test> RETURNING *
DELETE FROM <t> WHERE <test> RETURNING <c>, id AS <w>
DELETE FROM <t> WHERE CURRENT OF <w>
MERGE INTO <t> t USING <t> s ON t.id = s.id WHEN MATCHED AND <test> THEN UPDATE SET <c> = s.<c> WHEN NOT MATCHED THEN INSERT VALUES (s.id, <lit>)
TRUNCATE <t>, <t> RESTART IDENTITY CASCADE
COPY <t> FROM stdin
COPY <t> (<c>, <c>) FROM '/data/<w>.csv' WITH (FORMAT csv, HEADER, DELIMITER '|', NULL 'null', QUOTE '"')
COPY (SELECT * FROM <t> WHERE <test>) TO '/tmp/<w>.csv' CSV HEADER
COPY <t> TO stdout WITH DELIMITER ',' NULL AS ''`,
  define: `CREATE TABLE <w> (<col>, <col>, <col>)
CREATE TABLE IF NOT EXISTS <w>.<w> (<col>, PRIMARY KEY (<c>, <c>), CHECK (<test>))
CREATE TEMP TABLE <w> (<col>) ON COMMIT DROP
CREATE TABLE <w> AS <query>
CREATE TABLE <w> (LIKE <t> INCLUDING ALL)
CREATE TABLE <w> PARTITION OF <t> FOR VALUES FROM (<n>) TO (<n>)
CREATE TABLE <w> (<col>) PARTITION BY RANGE (<c>)
CREATE TABLE <w> (<col>) INHERITS (<t>) WITH (fillfactor=70)
CREATE UNLOGGED TABLE <w> (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a * 2) STORED)
CREATE UNIQUE INDEX CONCURRENTLY <w> ON <t> USING btree (lower(<c>), <c> DESC NULLS LAST) WHERE <test>
CREATE INDEX ON <t> USING gin (<c> jsonb_path_ops)
CREATE VIEW <w> AS <query>
CREATE OR REPLACE VIEW <w> (a, b) WITH (security_barrier) AS <query> WITH CHECK OPTION
CREATE MATERIALIZED VIEW <w> AS <query> WITH NO DATA
CREATE SEQUENCE <w> INCREMENT BY <n> MINVALUE <n> CACHE <n> OWNED BY <t>.<c>
CREATE TYPE <w> AS ENUM ('<w>', '<w>', '<w>')
CREATE TYPE <w> AS (a int, b text)
CREATE DOMAIN <w> AS text CHECK (VALUE ~ '^\\d{5}$' OR VALUE IS NULL)
CREATE SCHEMA <w> AUTHORIZATION <w>
CREATE EXTENSION IF NOT EXISTS <w> WITH SCHEMA public
CREATE ROLE <w> LOGIN PASSWORD '<w>' VALID UNTIL '2030-01-01'
CREATE USER <w> WITH SUPERUSER CREATEDB ENCRYPTED PASSWORD '<w>'
CREATE DATABASE <w> OWNER <w> ENCODING 'UTF8' TEMPLATE template0
CREATE POLICY <w> ON <t> FOR SELECT TO <w> USING (<test>)
CREATE POLICY <w> ON <t> AS RESTRICTIVE FOR ALL TO public USING (owner = current_user) WITH CHECK (owner = current_user OR <test>)
CREATE TRIGGER <w> BEFORE INSERT OR UPDATE OF <c> ON <t> FOR EACH ROW WHEN (<test>) EXECUTE FUNCTION <w>(<s>)
CREATE RULE <w> AS ON INSERT TO <t> WHERE <test> DO INSTEAD NOTHING
CREATE RULE <w> AS ON UPDATE TO <t> DO ALSO INSERT INTO <t> VALUES (old.id, new.id, '<w>')
CREATE AGGREGATE <w>(int4) (sfunc = int4pl, stype = int4, initcond = '0')
CREATE OPERATOR === (leftarg = int, rightarg = int, procedure = <w>, commutator = ===)
CREATE CAST (text AS <w>) WITH FUNCTION <w>(text) AS ASSIGNMENT
CREATE STATISTICS <w> (ndistinct, dependencies) ON <c>, <c> FROM <t>
CREATE PUBLICATION <w> FOR TABLE <t> WHERE (<test>)
CREATE SUBSCRIPTION <w> CONNECTION 'dbname=<w> host=<w>' PUBLICATION <w> WITH (enabled = false)
CREATE SERVER <w> FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '<w>', dbname '<w>', port '<n>')
CREATE FOREIGN TABLE <w> (<col>) SERVER <w> OPTIONS (table_name '<w>')
CREATE USER MAPPING FOR <w> SERVER <w> OPTIONS (user '<w>', password '<w>')
CREATE EVENT TRIGGER <w> ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION <w>()
CREATE COLLATION <w> (provider = icu, locale = 'de-u-co-phonebk', deterministic = false)
CREATE TEXT SEARCH CONFIGURATION <w> (COPY = english)
ALTER TABLE <t> ADD COLUMN <col>
ALTER TABLE <t> ALTER COLUMN <c> TYPE <type> USING <c>::<type>, ALTER <c> SET DEFAULT <lit>, DROP COLUMN IF EXISTS <c>
ALTER TABLE <t> ADD CONSTRAINT <w> FOREIGN KEY (<c>) REFERENCES <t> (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
ALTER TABLE <t> ADD CONSTRAINT <w> EXCLUDE USING gist (<c> WITH =, <c> WITH &&)
ALTER TABLE <t> ENABLE ROW LEVEL SECURITY
ALTER TABLE <t> RENAME TO <w>
ALTER TABLE ONLY <t> ALTER COLUMN <c> SET STATISTICS <n>
ALTER ROLE <w> SET search_path = <w>, public
ALTER USER <w> PASSWORD '<w>'
ALTER FUNCTION <w>(int) OWNER TO <w>
ALTER TYPE <w> ADD VALUE '<w>' BEFORE '<w>'
ALTER SYSTEM SET <w> = '<n>MB'
DROP TABLE <t>
DROP TABLE IF EXISTS <t>, <t> CASCADE
DROP FUNCTION <w>(int, text)
DROP USER <w>
DROP OWNED BY <w>
DROP DATABASE IF EXISTS <w> WITH (FORCE)
COMMENT ON TABLE <t> IS '<w>''s <w>; see "<w>" -- <w>'
COMMENT ON COLUMN <t>.<c> IS NULL
GRANT SELECT (<c>), UPDATE ON <t> TO <w> WITH GRANT OPTION
GRANT ALL ON ALL TABLES IN SCHEMA public TO <w>
GRANT <w> TO <w>
REVOKE ALL PRIVILEGES ON <t> FROM PUBLIC
ALTER DEFAULT PRIVILEGES IN SCHEMA <w> GRANT EXECUTE ON FUNCTIONS TO <w>
SECURITY LABEL ON TABLE <t> IS 'system_u:object_r'
IMPORT FOREIGN SCHEMA <w> LIMIT TO (<t>) FROM SERVER <w> INTO <w>`,
  col: `id serial PRIMARY KEY
id bigint GENERATED BY DEFAULT AS IDENTITY
<w> int
<w> text NOT NULL DEFAULT ''
<w> varchar(<n>) UNIQUE
<w> numeric(10,2) CHECK (<w> > 0 OR <w> IS NULL)
<w> timestamptz DEFAULT now()
<w> int[] DEFAULT '{}'
<w> jsonb NOT NULL DEFAULT '{}'::jsonb
<w> uuid DEFAULT gen_random_uuid()
<w> int REFERENCES <t> (id) ON DELETE SET NULL
<w> boolean DEFAULT false
<w> char(<n1>) COLLATE "C"
password text`,
  utility: `EXPLAIN <query>
EXPLAIN (COSTS OFF) <query>
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) <query>
EXPLAIN (VERBOSE, COSTS OFF) <change>
PREPARE <w> (int, text) AS SELECT * FROM <t> WHERE id = $1 AND name = $2
PREPARE <w> AS INSERT INTO <t> VALUES ($1, $2)
EXECUTE <w>(<n>, <s>)
EXECUTE <w>
DEALLOCATE <w>
DEALLOCATE ALL
BEGIN
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY
START TRANSACTION
COMMIT
ROLLBACK
SAVEPOINT <w>
ROLLBACK TO SAVEPOINT <w>
RELEASE <w>
COMMIT PREPARED '<w>'
PREPARE TRANSACTION '<w><n>'
SET <w> = <n>
SET enable_seqscan TO off
SET LOCAL work_mem = '<n>MB'
SET SESSION AUTHORIZATION <w>
SET ROLE <w>
SET search_path TO <w>, public
SET TIME ZONE 'Europe/Berlin'
SET statement_timeout = 0
SET client_min_messages TO 'warning'
RESET ALL
RESET ROLE
SHOW <w>
SHOW ALL
DECLARE <w> SCROLL CURSOR WITH HOLD FOR <query>
FETCH <n> FROM <w>
FETCH BACKWARD ALL IN <w>
MOVE ABSOLUTE <n> FROM <w>
CLOSE <w>
LOCK TABLE <t> IN ACCESS EXCLUSIVE MODE NOWAIT
LISTEN <w>
NOTIFY <w>, '<w>'
UNLISTEN *
VACUUM (ANALYZE, VERBOSE) <t>
VACUUM FULL <t>
ANALYZE <t> (<c>)
CLUSTER <t> USING <w>
REINDEX TABLE CONCURRENTLY <t>
CHECKPOINT
DISCARD ALL
LOAD '<w>'
CALL <w>(<n>, <s>)
REFRESH MATERIALIZED VIEW CONCURRENTLY <w>
REASSIGN OWNED BY <w> TO <w>
SET CONSTRAINTS ALL DEFERRED`,
  catalogue: `SELECT version()
SELECT current_user, session_user, current_database(), current_schema()
SELECT current_setting('<w>.<w>', true)
SELECT set_config('search_path', '<w>', false)
SELECT relname, relkind FROM pg_class WHERE relname = '<w>'
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
SELECT oid::regclass FROM pg_class WHERE oid = '<w>'::regclass
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '<t>'::regclass ORDER BY conname
SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE '<w>%' ORDER BY 1, 2
SELECT * FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
SELECT grantee, privilege_type FROM information_schema.role_table_grants
SELECT has_table_privilege('<w>', '<t>', 'select'), has_schema_privilege(current_user, '<w>', 'usage')
SELECT pg_get_viewdef('<w>'::regclass, true)
SELECT pid, query FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '<w>'
SELECT pg_size_pretty(pg_total_relation_size('<t>'))
SELECT proname FROM pg_proc WHERE prosrc = '<w>' OR provolatile = 'i'
SELECT p1.oid, p1.proname FROM pg_proc AS p1 WHERE p1.prolang = 0 OR p1.prorettype = 0 OR 0 = ANY (p1.proargtypes)
SELECT rolname, rolsuper FROM pg_roles WHERE rolname LIKE 'regress%'
SELECT datname FROM pg_database WHERE datallowconn
SELECT usename, passwd FROM pg_shadow
SELECT tablename FROM pg_tables UNION SELECT viewname FROM pg_views
SELECT nextval('<w>'), currval('<w>'), setval('<w>', <n>, false), lastval()
SELECT pg_advisory_lock(<n>), pg_try_advisory_xact_lock(<n>, <n>)
SELECT lo_creat(<n>), lo_import('/tmp/<w>'), lo_unlink(<n>)
SELECT pg_read_file('<w>.conf', 0, <n>), pg_ls_dir('.')
SELECT * FROM dblink('dbname=<w>', 'SELECT 1') AS t(a int)
SELECT pg_column_size(<c>), ctid, xmin, tableoid::regclass FROM <t>
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'
SELECT name, setting FROM pg_settings WHERE name ~ 'enable_' ORDER BY name
SELECT * FROM pg_locks WHERE NOT granted
SELECT obj_description('<t>'::regclass), col_description('<t>'::regclass, <n1>)`,
  routine: `CREATE FUNCTION <w>(int) RETURNS int AS 'select $1 + <n>' LANGUAGE sql
CREATE FUNCTION <w>(a int, b text DEFAULT '<w>') RETURNS SETOF <t> LANGUAGE sql STABLE AS $$ SELECT * FROM <t> WHERE <c> = a OR name = b $$
CREATE OR REPLACE FUNCTION <w>() RETURNS trigger LANGUAGE plpgsql AS $$¶BEGIN¶  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;¶  NEW.<c> := <e>; -- it's <w>¶  INSERT INTO <t> VALUES (NEW.id, '<w>');¶  RETURN NEW;¶END;¶$$
CREATE FUNCTION <w>(text) RETURNS void AS $body$¶DECLARE r record; n int := 0;¶BEGIN¶  FOR r IN SELECT * FROM <t> WHERE <test> LOOP¶    EXECUTE format('DROP TABLE IF EXISTS %I', r.<c>);¶    EXECUTE 'UPDATE <w> SET a = ' || quote_literal(r.<c>) || ' WHERE b = ''<w>''';¶    n := n + 1;¶  END LOOP;¶  RAISE NOTICE 'done: %', n;¶EXCEPTION WHEN others THEN RAISE EXCEPTION '<w>: %', SQLERRM;¶END $body$ LANGUAGE plpgsql SECURITY DEFINER
CREATE FUNCTION <w>(internal) RETURNS int AS '/lib/<w>.so', '<w>' LANGUAGE C STRICT
CREATE PROCEDURE <w>(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a * <n>; COMMIT; END $$
CREATE FUNCTION <w>(int) RETURNS boolean BEGIN ATOMIC SELECT $1 > <n>; END
DO $$ BEGIN PERFORM pg_sleep(<n1>); RAISE NOTICE '<w>'; END $$
DO $$¶DECLARE x int;¶BEGIN¶  SELECT count(*) INTO x FROM <t>;¶  IF x = 0 OR x IS NULL THEN DELETE FROM <t>; END IF;¶END$$ LANGUAGE plpgsql`,
  several: `BEGIN; <change>; COMMIT;
<define>; <change>; <query>;
<query>; <query>;
SET <w> = <n>; <query>
<change>;
<query>;
DROP TABLE IF EXISTS <w>; CREATE TABLE <w> (<col>, <col>); INSERT INTO <w> VALUES (<n>, '<w>')
BEGIN;
SAVEPOINT <w>;
<change>;
ROLLBACK TO <w>;
COMMIT;
<query>; SELECT 1;
TRUNCATE <t>; INSERT INTO <t> SELECT * FROM <t>;
EXECUTE <w>(<n>); DEALLOCATE <w>;`,
  odd: `SELECT
SELECT *
SELECT FROM <t>
SELECT <c> FROM
SELECT 'unterminated
SELECT * FROM <t> WHERE
INSERT INTO <t> VALUES (<n>
SELECT <n> AS "a""b", "select", "or"."and" FROM "union"
SELECT 1 AS or
CREATE TABLE "select" ("from" int, "where" text)
SELECT * FROM <t> WHERE "order" = 'group' AND "user" = 'or'
SELECT <n> +
ALTER TABLE <t> ADD COLUMN
SELECT foo FROM bar WHERE foo = 'x' ORDER BY
UPDATE <t> SET = <n>
DELETE <t>
SELECT DISTINCT ON (<c>);
DROP TABLE
SELECT * FROM <t> ORDER BY <n>
SELECT * FROM <t> LIMIT ALL OFFSET 0
SELECT a.b.c.d FROM <t>
SELECT - - <n>, + <n>, <n> - -<n>
INSERT INTO <t> VALUES ('<w>';
SELECT <n>::<w>.<w>(<n>)
SELECT ((((<n>))))
SELECT 1;;
;`,
  where: ` WHERE <test>
 WHERE <test>
 WHERE <test> AND <test>
 WHERE <test> OR <test>
 WHERE (<test> OR <test>) AND <test>`,
  group: ` GROUP BY <c>
 GROUP BY 1, 2
 GROUP BY <c>, <c> HAVING count(*) > <n>`,
  order: ` ORDER BY <c>
 ORDER BY 1
 ORDER BY <c> DESC, <c>
 ORDER BY <c> USING >
 ORDER BY <c> NULLS FIRST`,
  limit: ` LIMIT <n>
 LIMIT <n> OFFSET <n>
 LIMIT 1`,
  from: `<t>
<t>
<t>
<t> <w>
<t> AS a, <t> AS b
<t> a JOIN <t> b ON a.id = b.<c>
<t> a LEFT JOIN <t> b ON (a.<c> = b.<c>)
ONLY <t>
(<query>) AS ss
(VALUES (<n>,<n>),(<n>,<n>)) v(a,b)
generate_series(1,<n>) g
public.<w>`,
  items: `*
*
<c>
<c>, <c>
<e> AS <w>, <e>
count(*)
count(DISTINCT <c>), sum(<c>)
<c>, <e>, <lit>
'' AS <w>, <c>
<lit> AS "<w>", *
<c>, string_agg(<c>, ',' ORDER BY <c>) FILTER (WHERE <test>)
array_agg(<c>)
<w>.*`,
  window: `rank() OVER (PARTITION BY <c> ORDER BY <c>)
sum(<c>) OVER w
row_number() OVER ()
lag(<c>, 1) OVER (ORDER BY <c> DESC) AS prev
avg(<c>) OVER (ORDER BY <c> ROWS BETWEEN <n1> PRECEDING AND CURRENT ROW EXCLUDE TIES)
first_value(<c>) OVER (PARTITION BY <c> ORDER BY <c> RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)`,
  e: `<c>
<c>
<lit>
<c> + <n>
<c> || <s>
<c> * <c>
lower(<c>)
coalesce(<c>, <lit>)
<c>::<type>
CAST(<c> AS <type>)
CASE WHEN <test> THEN <lit> ELSE <lit> END
<c> -> '<w>' ->> '<w>'
<c> #>> '{<w>,0}'
<c>[<n1>]
now() - interval '<n> days'
date_trunc('month', <c>)
extract(year from <c>)
(SELECT max(<c>) FROM <t>)
round(avg(<c>), 2)
<c> AT TIME ZONE 'UTC'
percentile_cont(0.5) WITHIN GROUP (ORDER BY <c>)
$1
-<c>
array_length(<c>, 1)
regexp_replace(<c>, '<w>', '\\1', 'g')`,
  test: `<c> = <n>
<c> = <n>
<c> = <s>
<c> = <s>
<c> <cmp> <lit>
<c> = <c>
a.<c> = b.<c>
<c> IS NULL
<c> IS NOT NULL
<c> IN (<n>, <n>, <n>)
<c> IN (<s>, <s>)
<c> NOT IN (SELECT <c> FROM <t>)
<c> BETWEEN <n> AND <n>
<c> LIKE '<w>%'
<c> ILIKE '%<w>%'
<c> ~ '^<w>'
<c> @> '{"<w>": <n>}'
<c> ? '<w>'
<c> && ARRAY[<n>,<n>]
<c> = ANY ($1)
<c> = ANY ('{<n>,<n>}'::int[])
<c> > now() - interval '1 day'
<c>
NOT <c>
true
<n> = <n>
<e> = <e>
<e> > <e>
lower(<c>) = '<w>'
<c> = $1
<c> <> ''
(<c>, <c>) > (<n>, <n>)
<c> IS DISTINCT FROM <lit>
length(<c>) > <n>
<c> = current_user
EXISTS (SELECT 1 FROM <t> WHERE <c> = <n>)
<c> % <n1> = 0`,
  lit: `<n>
<n>
<s>
<s>
NULL
<n>.<n>
-<n>
<b>
'{<n>,<n>}'
'<n>'
'(<n>,<n>)'::point
<s>::text`,
  s: `'<w>'
'<w>'
'<w> <w>'
'<w>%'
''
'it''s <w>'
'2024-<n1>-<n1>'
'<w> <w> <n>'
'A'
'<w>@<w>.org'
E'<w>\\n'
'{"<w>": "<w>"}'
'#<w>'
'%<w>%'
'<w>; <w> -- <w>'
'select <w> from <w>'
'"<w>"'
'<w>''<w>'`,
  b: `true
false
TRUE
't'::boolean
<n> > <n>`,
  cmp: `=
=
<>
<
>
<=
>=
!=
~
LIKE`,
  aop: `@>
<@
&&
=
||`,
  jop: `->
->>
@>
?
#>`,
  type: `int
integer
text
numeric(10,2)
float8
date
timestamp
interval
boolean
varchar(10)
int[]
jsonb
bytea
uuid
inet
regclass
bit(8)
xml
char`,
};
