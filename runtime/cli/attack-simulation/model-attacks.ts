import type { Trial } from './trial.ts';

const encode = encodeURIComponent;
const padding = 'the quick brown fox jumps over the lazy dog. ';

/** Injections that no signature knows, and known ones behind padding and encodings. All need a key: models judge after it. */
export const modelAttacks: readonly Trial[] = [
  query('only the model: JSON path', "x' -> '$.a' = '1"),
  query('only the model: JSON operator', "1' ->> 'a' is null--"),
  body('only the model: behind a greeting', "hello there 1' and 1=cast((select version()) as int)--"),
  body(
    'only the model: error by grouping',
    '1 and (select 1 from(select count(*),concat(version(),floor(rand(0)*2))x from information_schema.tables group by x)a)',
  ),
  body(
    'only the model: blind by waiting',
    "(select case when substr(current_user,1,1)='p' then pg_sleep(3) else pg_sleep(0) end)",
  ),
  query('behind 6 KB of text', `${padding.repeat(130)}1' union select null, version() --`),
  body(
    'behind 64 KB of text',
    `${padding.repeat(1450)}1' union select null, usename, passwd from pg_shadow --`,
  ),
  raw('as HTML entities', encode('1&#39; or &#39;1&#39;=&#39;1')),
  raw('as overlong UTF-8', '1%c0%a7%20or%20%c0%a71%c0%a7=%c0%a71'),
  raw('in full-width letters', encode('1＇ ｕｎｉｏｎ ｓｅｌｅｃｔ ｎｕｌｌ，ｖｅｒｓｉｏｎ（） －－')),
  body('words cut by comments', "x' UN/**/ION SEL/**/ECT null, version() --"),
];

function query(name: string, value: string): Trial {
  return raw(name, encode(value));
}

function raw(name: string, encoded: string): Trial {
  return { kind: 'attack', name, method: 'GET', path: `/api/{table}?id=${encoded}`, withKey: true };
}

function body(name: string, text: string): Trial {
  return {
    kind: 'attack',
    name,
    method: 'POST',
    // Never a real table: what is not blocked must not be written.
    path: '/api/no_such_table',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    withKey: true,
  };
}
