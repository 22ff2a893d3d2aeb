import type { SqlGuard } from './sql-guard.ts';

const samples = [
  "1' or '1'='1' -- ",
  '1 union all select null,version(),3 from information_schema.tables where 1=1 limit 1 offset 2#',
  "x'); drop table users; -- ",
  '(select case when (1=1) then pg_sleep(5) else 0 end)',
  "admin' and ascii(substring((select password from users limit 1),1,1))>64/*",
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'The quick brown fox, and the lazy dog (it was 5 years old) - or so they say; "quoted" & more.',
  'https://example.org/path?name=value#part',
];

/** Fills the common cells of the automaton, so that the first request does not pay for them. */
export function warmUp(guard: SqlGuard): void {
  for (const sample of samples) {
    guard.inspect(sample, 'query');
    guard.inspect(sample, 'body');
  }
}
