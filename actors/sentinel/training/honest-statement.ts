import type { Random } from './random.ts';

const tables = [
  'users',
  'orders',
  'products p',
  'public.items',
  'tenk1',
  'events e',
  '"Order"',
  'accounts',
  'city',
];
const columns = ['id', 'name', 'price', 'created_at', 'unique1', 'e.kind', 'total', 'f1', '"Name"', 'city'];
const templates = [
  "select $c, $c from $t where 1=1 and $c = $n|select * from $t where true|SELECT $n = $n|SELECT $n = $n AS \"true\"|SELECT $n <> $n|SELECT '$w' = '$w'|select $c from $t where $c = $n or $c = $n or $c is null",
  'SELECT $c FROM $t UNION SELECT $c FROM $t|SELECT $n UNION ALL SELECT $n|SELECT $n AS two UNION SELECT $n ORDER BY 1|(SELECT $n) UNION (SELECT $n UNION ALL SELECT $n)|SELECT $c FROM $t EXCEPT SELECT $c FROM $t LIMIT $n|select $c from $t union all select null, null, $c from $t',
  "SELECT $c FROM $t -- $w|SELECT $c -- don't $w\nFROM $t|/* $w's $w */ SELECT $c FROM $t|SELECT $c FROM $t WHERE $c = '$w' -- ok|-- $w\nSELECT $n;|SELECT $c /* $c */ FROM $t;|select $c from $t; -- error|SELECT $n; -- fail|SELECT * FROM $t WHERE $c = $n; -- should be '$w'",
  "BEGIN; UPDATE $t SET $c = $n; COMMIT|CREATE TABLE $w ($c int, $c text); INSERT INTO $w VALUES ($n, '$w')|DROP TABLE IF EXISTS $w; CREATE TABLE $w AS SELECT $n|SET $w = $n; SELECT $c FROM $t|SELECT $n; SELECT $n;|insert into $t values ($n); select * from $t;|DELETE FROM $t; DROP TABLE $w;",
  "select pg_sleep($n)|select version()|SELECT current_user, session_user|SELECT * FROM information_schema.tables WHERE table_name = '$w'|SELECT relname FROM pg_class WHERE relname = '$w'|SELECT table_name FROM information_schema.columns ORDER BY 1|select count(*) from pg_stat_activity where pid <> pg_backend_pid()|SELECT substring('$w' from $n for $n)|SELECT concat('$w', $n, null)|SELECT ascii('$w'), chr($n)|select pg_typeof($n)|SELECT has_table_privilege('$w','$w','select')|SHOW $w|EXPLAIN (costs off) SELECT * FROM $t WHERE $c > $n|VACUUM ANALYZE $w",
  "INSERT INTO $t VALUES ($n, 'it''s $w'), ($n, '')|SELECT E'\\\\'' || '$w'|SELECT '' = ''|select 'a''b'|SELECT $$it's $w$$|SELECT U&'\\\\0061'|INSERT INTO $t ($c) VALUES ('O''Brien -- $w')|UPDATE $t SET $c = '$w; $w' WHERE $c LIKE '%$w%' OR $c IN ('$w', '$w')|SELECT '$w /* $w */'|SELECT '--$w'",
  "SELECT CASE WHEN $c > $n THEN '$w' ELSE '$w' END FROM $t|SELECT * FROM $t WHERE $c IN (SELECT $c FROM $t WHERE $c > $n)|SELECT * FROM $t WHERE EXISTS (SELECT 1 FROM $t WHERE $c = $n)|SELECT ARRAY[$n,$n] @> ARRAY[$n]|SELECT '{\"$w\": $n}'::jsonb -> '$w'|select row($n,$n) = row($n,$n)|SELECT $n BETWEEN $n AND $n|WITH $w AS (SELECT $n) SELECT * FROM $w|SELECT CAST('$n' AS int)|select $c from $t order by $c desc limit $n offset $n|CREATE INDEX ON $w ($c)|ALTER TABLE $w ADD COLUMN $c int DEFAULT $n|COPY $w FROM stdin|GRANT SELECT ON $w TO $w|DECLARE $w CURSOR FOR SELECT * FROM $t|EXECUTE $w($n)|DO $$ BEGIN RAISE NOTICE '$w'; END $$|CREATE FUNCTION $w() RETURNS int LANGUAGE sql AS 'select $n'",
]
  .join('|')
  .replaceAll('||', '\u0001')
  .split('|')
  .map((template) => template.replaceAll('\u0001', '||'));
const words = ['blue', 'river', 'test', 'foo', 'bar', 'x', 'abc', 'coffee', 'my_table', 'audit', 'garden'];

/** Honest statements of kinds that injections use too: joined selects, comments, constants, catalogues, several in a row. */
export function honestStatement(random: Random): string {
  return random.pick(templates).replace(/\$([ctwn])(?!\w)/g, (_, kind: string) => {
    if (kind === 'n') return String(random.below(10 ** (1 + random.below(3))));
    return random.pick(kind === 'c' ? columns : kind === 't' ? tables : words);
  });
}
