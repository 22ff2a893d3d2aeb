import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/**
 * The parameters of a raw query, keys too. A parameter whose key is not a plain name is also read as a whole: the
 * first `=` may be part of a payload (`?1'='1`).
 * @param query without `?`, percent-encoded as received
 * @param surface `body` for a form
 * @returns the first finding to block, else the first to log
 */
export function inspectQuery(
  guard: SqlGuard,
  query: string,
  surface: Surface = 'query',
): Finding | undefined {
  let logged: Finding | undefined;
  for (let from = 0; from < query.length; ) {
    let end = query.indexOf('&', from);
    if (end < 0) end = query.length;
    const finding = inspectParameter(guard, query, from, end, surface);
    if (finding !== undefined) {
      if (finding.score >= thresholds[surface].block) return finding;
      logged ??= finding;
    }
    from = end + 1;
  }
  return logged;
}

function inspectParameter(
  guard: SqlGuard,
  query: string,
  from: number,
  end: number,
  surface: Surface,
): Finding | undefined {
  let equals = query.indexOf('=', from);
  if (equals < 0 || equals > end) equals = end;
  const key = query.slice(from, equals);
  const value = query.slice(equals + 1, end);
  if (value.length > 0) {
    const finding = judge(guard, value, key, surface);
    if (finding !== undefined) return finding;
  }
  if (isHarmless(key)) return undefined;
  return (
    judge(guard, key, key, surface) ??
    (equals < end ? judge(guard, query.slice(from, end), key, surface) : undefined)
  );
}

function judge(guard: SqlGuard, raw: string, key: string, surface: Surface): Finding | undefined {
  if (isHarmless(raw)) return undefined;
  const text = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  const { score, signature } = guard.inspect(text, surface);
  if (signature === undefined || score < thresholds[surface].log) return undefined;
  return { score, signature, surface, where: `${surface}.${safeName(key)}`, value: text };
}
