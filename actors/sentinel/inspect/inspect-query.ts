import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/**
 * The parameters of a raw query, keys too. A parameter whose key is not a plain name is also read as a whole: the
 * first `=` may be part of a payload (`?1'='1`).
 * @param query without `?`, percent-encoded as received
 * @returns the first finding to block, else the first to log
 */
export function inspectQuery(guard: SqlGuard, query: string): Finding | undefined {
  let logged: Finding | undefined;
  for (let from = 0; from < query.length; ) {
    let end = query.indexOf('&', from);
    if (end < 0) end = query.length;
    const finding = inspectParameter(guard, query, from, end);
    if (finding !== undefined) {
      if (finding.score >= thresholds.query.block) return finding;
      logged ??= finding;
    }
    from = end + 1;
  }
  return logged;
}

function inspectParameter(guard: SqlGuard, query: string, from: number, end: number): Finding | undefined {
  let equals = query.indexOf('=', from);
  if (equals < 0 || equals > end) equals = end;
  const key = query.slice(from, equals);
  const value = query.slice(equals + 1, end);
  if (value.length > 0) {
    const finding = judge(guard, value, key);
    if (finding !== undefined) return finding;
  }
  if (isHarmless(key)) return undefined;
  return judge(guard, key, key) ?? (equals < end ? judge(guard, query.slice(from, end), key) : undefined);
}

function judge(guard: SqlGuard, raw: string, key: string): Finding | undefined {
  if (isHarmless(raw)) return undefined;
  const text = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  const { score, signature } = guard.inspect(text, 'query');
  if (signature === undefined || score < thresholds.query.log) return undefined;
  return { score, signature, surface: 'query', where: `query.${safeName(key)}`, value: text };
}
