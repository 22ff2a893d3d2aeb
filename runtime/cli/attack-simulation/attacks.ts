import type { Trial } from './trial.ts';

const encode = encodeURIComponent;

/** Injections that must be blocked, on every surface, known and unknown tables, with and without a key. */
export const attacks: readonly Trial[] = [
  query('tautology in quotes', "1' OR '1'='1"),
  query('tautology without quotes', '1 OR 1=1 --'),
  query('union select', "x' UNION SELECT usename, passwd FROM pg_shadow --"),
  query('stacked statement', "1'; DROP TABLE users; --"),
  query('time based', "1' AND (SELECT 1 FROM pg_sleep(5)) IS NULL --"),
  query('error based', "1' AND 1=CAST((SELECT version()) AS int) --"),
  query('blind by one bit', "1' AND ASCII(SUBSTRING((SELECT current_user),1,1))>64 --"),
  query('comment instead of space', "1'/**/OR/**/'a'='a"),
  query('mixed case', "1' uNiOn SeLeCt NULL,NULL--"),
  query('catalogue read', "1' UNION SELECT table_name FROM information_schema.tables --"),
  query('file read', "1' UNION SELECT pg_read_file('/etc/passwd') --"),
  query('program run', "1'; COPY t FROM PROGRAM 'id'; --"),
  { ...base('encoded twice', '/api/{table}?id=1%2527%2520OR%2520%25271%2527%253D%25271'), withKey: true },
  { ...base('encoded as %u', '/api/{table}?id=1%u0027%20OR%20%u0027a%u0027=%u0027a'), withKey: true },
  { ...base('in the path', `/api/{table}/${encode("1' OR '1'='1")}`), withKey: true },
  {
    ...base('in the name of a parameter', `/api/{table}?${encode("id'; DROP TABLE users; --")}=1`),
    withKey: true,
  },
  { ...base('unknown table', `/api/no_such_table?id=${encode("1' OR '1'='1")}`), withKey: true },
  { ...base('without a key', `/api/{table}?id=${encode("1' OR '1'='1")}`), withKey: false },
  {
    ...base('unknown table, no key', `/api/no_such_table?id=${encode("1' UNION SELECT 1 --")}`),
    withKey: false,
  },
  {
    ...base('in a header', '/api/{table}'),
    headers: { 'user-agent': "x' UNION SELECT NULL, version() --" },
    withKey: true,
  },
  {
    ...base('in a referrer', '/api/{table}'),
    headers: { referer: "https://x/?q=1' OR 1=1 --" },
    withKey: true,
  },
  body('in a body value', { title: "x'); DELETE FROM users WHERE ('1'='1" }),
  body('deep in a body', { profile: { tags: ['a', "1' OR '1'='1' --"] } }),
  body('escaped in a body', '{"title":"x\\u0027 UNION SELECT NULL, version() --"}'),
];

function base(name: string, path: string): Omit<Trial, 'withKey'> {
  return { kind: 'attack', name, method: 'GET', path };
}

function query(name: string, value: string): Trial {
  return { ...base(name, `/api/{table}?id=${encode(value)}`), withKey: true };
}

function body(name: string, value: object | string): Trial {
  return {
    kind: 'attack',
    name,
    method: 'POST',
    // Never a real table: what is not blocked must not be written.
    path: '/api/no_such_table',
    headers: { 'content-type': 'application/json' },
    body: typeof value === 'string' ? value : JSON.stringify(value),
    withKey: true,
  };
}
