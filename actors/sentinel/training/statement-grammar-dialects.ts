/**
 * Shapes of honest SQL of other databases, of programs and of analysts, in the notation of
 * `statement-grammar-postgres.ts`, whose rules for names, values and tests they use.
 */
export const dialectsGrammar: Readonly<Record<string, string>> = {
  dialect: `<mysql>
<mysql>
<mssql>
<oracle>
<sqlite>
<program>
<program>
<program>
<analyst>
<analyst>
<warehouse>`,
  mysql: `SELECT \`<c>\`, \`<c>\` FROM \`<w>\` WHERE \`<c>\` = "<w>" LIMIT <n>, <n>
INSERT INTO \`<w>\` (\`id\`, \`<c>\`) VALUES (<n>, '<w>'), (<n>, 'O\\'<w>'), (<n>, "it's")
INSERT IGNORE INTO <t> SET <c> = <n>, <c> = <s>
INSERT INTO <t> (<c>) VALUES (<lit>) ON DUPLICATE KEY UPDATE <c> = VALUES(<c>) + <n>
REPLACE INTO <t> VALUES (<n>, <s>, NOW())
CREATE TABLE \`<w>\` (\`id\` int(11) NOT NULL AUTO_INCREMENT, \`<w>\` varchar(255) DEFAULT NULL COMMENT '<w>', PRIMARY KEY (\`id\`), KEY \`<w>\` (\`<w>\`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!40101 SET NAMES utf8 */
/*!40000 ALTER TABLE \`<w>\` DISABLE KEYS */;
SHOW TABLES LIKE '<w>%'
SHOW CREATE TABLE \`<w>\`
SHOW VARIABLES WHERE Variable_name = 'version'
SELECT @@version, @@global.time_zone, DATABASE(), USER()
SELECT SLEEP(<n1>)
SELECT BENCHMARK(<n>, MD5('<w>'))
SET @<w> := <n>, @<w> = (SELECT max(<c>) FROM <t>)
SET NAMES utf8mb4
SET GLOBAL <w> = <n>
LOAD DATA LOCAL INFILE '/tmp/<w>.csv' INTO TABLE <t> FIELDS TERMINATED BY ',' ENCLOSED BY '"' LINES TERMINATED BY '\\n' IGNORE 1 LINES
SELECT * FROM <t> INTO OUTFILE '/tmp/<w>.txt' FIELDS TERMINATED BY ','
SELECT IF(<c> = <n>, 'yes', 'no'), IFNULL(<c>, ''), CONCAT(<c>, ' ', <c>) FROM <t>
SELECT GROUP_CONCAT(DISTINCT <c> ORDER BY <c> SEPARATOR ', ') FROM <t> GROUP BY <c> WITH ROLLUP
SELECT <c> FROM <t> WHERE MATCH(<c>) AGAINST('+<w> -<w>' IN BOOLEAN MODE)
SELECT <c> FROM <t> WHERE <c> REGEXP '^<w>' AND <c> <=> NULL
SELECT HEX(<c>), UNHEX('4D7953514C'), X'4D79', 0x4D7953514C, CHAR(77,121)
SELECT <n> DIV <n>, <n> MOD <n>, NOT <n>, <n> XOR <n>, <n> && <n>, <n> || <n>
SELECT "<w>" AS "<w>", 'a' 'b', _utf8'<w>', N'<w>'
SELECT * FROM <t> WHERE <c> = 1 # <w>
UPDATE <t>, <t> AS b SET <c> = b.<c> WHERE <test> ORDER BY id LIMIT <n>
DELETE a, b FROM <t> a INNER JOIN <t> b WHERE a.id = b.id
CREATE PROCEDURE <w>(IN a INT, OUT b INT) BEGIN DECLARE done INT DEFAULT 0; SELECT count(*) INTO b FROM <t> WHERE <test>; IF a = 1 OR done THEN SET b = 0; END IF; END
CREATE TRIGGER <w> AFTER INSERT ON <t> FOR EACH ROW SET @x = @x + NEW.<c>
GRANT SELECT, INSERT ON <w>.* TO '<w>'@'localhost' IDENTIFIED BY '<w>'
CREATE USER '<w>'@'%' IDENTIFIED WITH mysql_native_password BY '<w>'
ALTER TABLE <t> ADD INDEX (<c>), MODIFY COLUMN <c> BIGINT UNSIGNED NOT NULL AFTER <c>
EXPLAIN SELECT SQL_NO_CACHE STRAIGHT_JOIN * FROM <t> FORCE INDEX (<w>) WHERE <test>
USE <w>
LOCK TABLES <t> WRITE`,
  mssql: `SELECT TOP <n> [<c>], [<c>] FROM [dbo].[<w>] WITH (NOLOCK) WHERE [<c>] = N'<w>'
SELECT TOP (<n>) PERCENT * FROM <t> ORDER BY <c>
DECLARE @<w> INT = <n>, @<w> NVARCHAR(100) = N'<w>'; SELECT @<w> + <n>
DECLARE @t TABLE (id INT, name VARCHAR(50)); INSERT INTO @t VALUES (<n>, '<w>'); SELECT * FROM @t
EXEC sp_executesql N'SELECT * FROM <w> WHERE id = @id', N'@id INT', @id = <n>
EXEC dbo.<w> @<w> = <n>, @<w> = '<w>'
EXEC xp_cmdshell 'dir'
IF NOT EXISTS (SELECT * FROM sys.objects WHERE name = '<w>') BEGIN CREATE TABLE <w> (id INT IDENTITY(1,1)) END
IF OBJECT_ID('tempdb..#<w>') IS NOT NULL DROP TABLE #<w>
SELECT * INTO #<w> FROM <t> WHERE <test>
WAITFOR DELAY '00:00:0<n1>'
BEGIN TRY <change>; END TRY BEGIN CATCH THROW; END CATCH
SELECT * FROM <t> CROSS APPLY OPENJSON(<c>) WITH (id INT '$.id')
SELECT <c> FROM <t> FOR XML PATH(''), TYPE
SELECT CONVERT(VARCHAR(10), GETDATE(), 120), ISNULL(<c>, 0), LEN(<c>), CHAR(13) + CHAR(10) FROM <t>
UPDATE a SET a.<c> = b.<c> FROM <t> a INNER JOIN <t> b ON a.id = b.id
SELECT <c>, ROW_NUMBER() OVER (PARTITION BY <c> ORDER BY <c>) rn FROM <t>
SELECT * FROM sys.tables WHERE name LIKE '%<w>%'; SELECT @@VERSION, @@ROWCOUNT, SUSER_SNAME()
CREATE PROCEDURE [dbo].[<w>] @id INT AS BEGIN SET NOCOUNT ON; SELECT * FROM <t> WHERE id = @id OR @id IS NULL END
CREATE LOGIN <w> WITH PASSWORD = '<w>'
SET IDENTITY_INSERT <t> ON
GO
USE [<w>]
WHILE @i < <n> BEGIN SET @i += 1; PRINT 'row ' + CAST(@i AS VARCHAR) END
MERGE <t> AS t USING (VALUES (<n>, '<w>')) AS s (id, name) ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name;`,
  oracle: `SELECT <n> FROM dual
SELECT SYSDATE, USER FROM DUAL
SELECT * FROM (SELECT <c>, ROWNUM rn FROM <t> WHERE ROWNUM <= <n>) WHERE rn > <n>
SELECT LEVEL, <c> FROM <t> START WITH <c> IS NULL CONNECT BY PRIOR id = parent_id
SELECT a.<c> FROM <t> a, <t> b WHERE a.id = b.id(+)
INSERT INTO <t> VALUES (<w>_seq.NEXTVAL, '<w>', TO_DATE('2024-01-01', 'YYYY-MM-DD'))
BEGIN DBMS_OUTPUT.PUT_LINE('<w> ' || TO_CHAR(<n>)); END;
BEGIN FOR i IN 1..<n> LOOP INSERT INTO <t> VALUES (i, '<w>'); END LOOP; COMMIT; END;
DECLARE v NUMBER := <n>; BEGIN SELECT count(*) INTO v FROM <t>; IF v = 0 OR v IS NULL THEN NULL; END IF; EXCEPTION WHEN OTHERS THEN RAISE; END;
EXECUTE IMMEDIATE 'DROP TABLE <w>'
SELECT table_name FROM all_tables WHERE owner = '<w>'
SELECT NVL(<c>, 0), DECODE(<c>, 1, 'one', 'other'), TO_CHAR(<c>, 'DD-MON-YY') FROM <t>
SELECT q'[it's <w>]' FROM dual
CREATE OR REPLACE TRIGGER <w> BEFORE INSERT ON <t> FOR EACH ROW BEGIN :NEW.id := <w>_seq.NEXTVAL; END;
ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY-MM-DD'
CREATE TABLE <w> (id NUMBER(10) NOT NULL, name VARCHAR2(<n>), CONSTRAINT pk_<w> PRIMARY KEY (id)) TABLESPACE <w>
SELECT * FROM <t> MINUS SELECT * FROM <t>
EXEC DBMS_STATS.GATHER_TABLE_STATS('<w>', '<w>')`,
  sqlite: `PRAGMA table_info(<w>)
PRAGMA foreign_keys = ON
SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'
SELECT sql FROM sqlite_master WHERE tbl_name = '<w>'
INSERT OR REPLACE INTO <t> VALUES (?, ?, '<w>')
CREATE TABLE IF NOT EXISTS <w> (id INTEGER PRIMARY KEY AUTOINCREMENT, <w> TEXT NOT NULL DEFAULT '', <w> REAL) WITHOUT ROWID
SELECT strftime('%Y-%m', <c>), datetime('now', '-<n> day') FROM <t> GLOB
SELECT * FROM <t>, json_each(<t>.<c>) WHERE json_extract(<c>, '$.<w>') = '<w>'
ATTACH DATABASE '<w>.db' AS <w>
SELECT sqlite_version(), last_insert_rowid(), changes(), typeof(<c>), hex(randomblob(16)) FROM <t>
CREATE VIRTUAL TABLE <w> USING fts5(<w>, <w>)
SELECT * FROM <t> WHERE <w> MATCH '<w>*' ORDER BY rank LIMIT <n>
SELECT <c> || '' FROM <t> WHERE <c> = "<w>" COLLATE NOCASE
VACUUM`,
  program: `SELECT "<w>"."id", "<w>"."<c>", "<w>"."<c>" FROM "<w>" WHERE "<w>"."<c>" = %s LIMIT 21
SELECT "<w>"."id" FROM "<w>" INNER JOIN "<w>" ON ("<w>"."<w>_id" = "<w>"."id") WHERE ("<w>"."<c>" IN (<n>, <n>) AND NOT ("<w>"."<c>" IS NULL)) ORDER BY "<w>"."id" ASC
SELECT (1) AS "a" FROM "<w>" WHERE "<w>"."<c>" = <n> LIMIT 1
SELECT "<w>".* FROM "<w>" WHERE "<w>"."<c>" = $1 AND "<w>"."<c>" = $2 ORDER BY "<w>"."id" DESC LIMIT $3
SELECT 1 AS one FROM "<w>" WHERE "<w>"."<c>" = '<w>' LIMIT 1
SELECT "public"."<w>"."id", "public"."<w>"."<c>" FROM "public"."<w>" WHERE ("public"."<w>"."<c>" = $1 AND 1=1) LIMIT $2 OFFSET $3
SELECT "t"."id" FROM "<w>" "t" WHERE 1=1 AND ("t"."<c>" = $1 OR 1=0)
select u1_0.id,u1_0.<c>,u1_0.<c> from <w> u1_0 where u1_0.<c>=? and (u1_0.<c> is null or u1_0.<c>>?) order by u1_0.id offset ? rows fetch first ? rows only
SELECT <w>_1.id AS <w>_1_id, <w>_1.<c> AS <w>_1_<c> FROM <w> AS <w>_1 WHERE <w>_1.<c> = %(param_1)s AND 0 = 1
SELECT \`<w>\`.\`id\`, \`<w>\`.\`<c>\` FROM \`<w>\` AS \`<w>\` WHERE (\`<w>\`.\`<c>\` = '<w>' AND \`<w>\`.\`<c>\` > <n>) ORDER BY \`<w>\`.\`<c>\` DESC LIMIT <n>, <n>
INSERT INTO "<w>" ("<c>", "<c>", "created_at") VALUES (DEFAULT, '<w>', '2024-03-0<n1>T12:00:00.000Z') RETURNING "id"
UPDATE "<w>" SET "<c>" = '<w>', "updated_at" = CURRENT_TIMESTAMP WHERE "id" IN (<n>)
UPDATE <t> SET <c> = '<w>', <c> = <n> WHERE id = <n>
DELETE FROM "<w>" WHERE "<w>"."id" = <n>
SELECT * FROM <t> WHERE id = <n>
SELECT * FROM <t> WHERE <c> = '<w>' AND <c> = '<w>' LIMIT 1
SELECT <c>, <c> FROM <t> WHERE <c> LIKE '%<w>%' ORDER BY <c> LIMIT <n> OFFSET <n>
SELECT count(*) FROM <t> a JOIN <t> b ON b.id = a.<w>_id WHERE a.<c> = '<w>' GROUP BY b.<c>
INSERT INTO <t> (<c>, <c>, <c>) VALUES ('<w>', <n>, '<w> <w>')
SELECT * FROM <t> WHERE id IN (<n>, <n>, <n>)
SELECT * FROM <t> WHERE <c> = '<w>' OR <c> = '<w>'
SELECT * FROM <t> WHERE <c> BETWEEN '2024-01-01' AND '2024-12-31'
SELECT <w>(<c>, '<w>') FROM <t> WHERE <c> > <n> ORDER BY <c> DESC
SELECT * FROM <t> WHERE (<c> = '<w>' AND <c> > <n>) OR lower(<c>) = lower('<w>')
DELETE FROM <t> WHERE <c> < <n> AND <c> = '<w>'
CALL <w>('<w>', <n>)
/* app:<w>,controller:<w> */ SELECT * FROM <t> WHERE id = <n>
SELECT * FROM <t> WHERE id = <n> /* <w>#<w> */
SELECT <items> FROM <t> WHERE tenant_id = <n> AND <test> ORDER BY <c> LIMIT <n>`,
  analyst: `SELECT T1.<c> FROM <t> AS T1 JOIN <t> AS T2 ON T1.id = T2.<w>_id WHERE T2.<c> = '<w>'
SELECT T1.<c>, count(*) FROM <t> AS T1 JOIN <t> AS T2 ON T1.id = T2.id GROUP BY T1.<c> ORDER BY count(*) DESC LIMIT 1
SELECT <c> FROM <t> WHERE <c> = "<w>" INTERSECT SELECT <c> FROM <t> WHERE <c> = "<w> <w>"
SELECT <c> FROM <t> WHERE <c> > <n> OR <c> = 'T' UNION SELECT <c> FROM <t> WHERE <c> = '<w>'
SELECT count(*) FROM <t> WHERE <c> NOT IN (SELECT <c> FROM <t> WHERE <c> LIKE '%<w>%')
SELECT DISTINCT <c> FROM <t> WHERE <c> = 'USA' AND <c> <> "" EXCEPT SELECT T2.<c> FROM <t> AS T1 JOIN <t> AS T2 ON T1.id = T2.id
SELECT avg(<c>), min(<c>), max(<c>) FROM <t> WHERE <c> BETWEEN <n> AND <n>
SELECT <c>, sum(CASE WHEN <c> = '<w>' THEN 1 ELSE 0 END) AS <w>, 100.0 * sum(<c>) / nullif(count(*), 0) AS pct FROM <t> GROUP BY 1 HAVING sum(<c>) > <n> ORDER BY 2 DESC
WITH <w> AS (SELECT date_trunc('day', <c>) AS d, count(*) n FROM <t> WHERE <test> GROUP BY 1), <w> AS (SELECT d, n, sum(n) OVER (ORDER BY d) total FROM <w>) SELECT * FROM <w> WHERE total > <n> ORDER BY d
SELECT <c>, 'all' AS kind, NULL AS note FROM <t> UNION ALL SELECT <c>, 'some', '<w>' FROM <t> WHERE <test>
SELECT <c> FROM (SELECT <c>, rank() OVER (ORDER BY <c>) r FROM <t>) x WHERE r <= <n>
SELECT * FROM <t> WHERE year = <n> AND (<c> = 'A' OR <c> = 'B') AND <c> IS NOT NULL ORDER BY year, <c> DESC
SELECT <oddname> FROM <w> WHERE <oddname> = <oddvalue>
SELECT <oddname> FROM <w> WHERE <oddname> = <oddvalue> AND <oddname> > <oddvalue>
SELECT COUNT <oddname> FROM <w> WHERE <oddname> = "<w> (<w>)" AND <oddname> < <oddvalue>
SELECT 'total', count(*) FROM <t> UNION ALL SELECT 'open', count(*) FROM <t> WHERE status = 'open'`,
  oddname: `t1.<n>_<w>
t1.<w>_(<w>)
<w>_(%)
t1.<w>/<w>_<w>
t1.#_OF_<w>
<w>.%_<w>
t1.<n>_<n>_<w>
<w>'S_<w>
t1.$<n>_TO_$<n>
<w>._<w>
[<w> <w>]
t1.<w>`,
  oddvalue: `<n>,<n>
<n>%
<n>-<n>
<n>–<n>
<w>
<n>th
<n>.<n>kg
$<n>
#<n1>
<n>:<n>
"<w> <n>, <n>"
n/a
"<w>'s <w>"
<n>`,
  warehouse: `SELECT 1 WHERE FALSE
SELECT EXISTS(SELECT 1 WHERE <c> = <n>) AND <b>
SELECT * FROM <t> LIMIT (SELECT <n>)
SELECT * FROM ((SELECT <n> AS <w>) UNION ALL BY NAME (SELECT <n> AS <w>))
SELECT * FROM (((SELECT <n>) UNION SELECT <n>) ORDER BY <w> LIMIT 1)
SET @<w> = 0x<n>
SELECT 1; # <w>
SELECT 1; // <w>
SELECT * FROM <t> FOR UPDATE
SELECT <c> -> '$.<w>', <c>[0], x.<c>['<w>'] FROM <t> AS x
CREATE FUNCTION <w>(x INT) RETURNS STRING LANGUAGE PYTHON AS 'return x + 1'
SELECT * FROM \`<w>.<w>.<w>\` WHERE DATE(<c>) = '2024-01-01' AND SAFE_CAST(<c> AS INT64) > <n>
SELECT ARRAY_AGG(STRUCT(<c>, <c>)) FROM UNNEST([<n>, <n>]) AS x
SELECT <c>:<w>::string, PARSE_JSON('{"a": <n>}'):a FROM <t>, LATERAL FLATTEN(input => <c>) f QUALIFY ROW_NUMBER() OVER (PARTITION BY <c> ORDER BY <c>) = 1
CREATE OR REPLACE STAGE <w> URL='s3://<w>/<w>/' CREDENTIALS=(AWS_KEY_ID='<w>' AWS_SECRET_KEY='<w>')
COPY INTO <t> FROM @<w>/<w>.csv FILE_FORMAT = (TYPE = CSV FIELD_DELIMITER = '|' SKIP_HEADER = 1)
INSERT OVERWRITE TABLE <t> PARTITION (ds='2024-01-01') SELECT /*+ BROADCAST(<w>) */ * FROM <t>
SELECT * FROM <t> LATERAL VIEW explode(<c>) e AS <w>
SELECT toStartOfHour(<c>), uniq(<c>) FROM <t> FINAL PREWHERE <c> = '<w>' LIMIT <n> BY <c> SETTINGS max_threads = <n1>
ALTER WAREHOUSE <w> SET WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = <n>
SELECT * FROM read_csv('<w>.csv', header = true) PIVOT (sum(<c>) FOR <c> IN ('<w>', '<w>'))
SELECT * EXCLUDE (<c>) FROM <t> WHERE <c>[1] = <n>
CREATE TABLE <w> (a INT, b STRING) USING DELTA LOCATION '/mnt/<w>' TBLPROPERTIES ('delta.appendOnly' = 'true')`,
};
