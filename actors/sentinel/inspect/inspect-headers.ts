import type { Finding } from './finding.ts';
import { inspectQuery } from './inspect-query.ts';
import { isInspectedHeader } from './inspected-header.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/** The headers that applications store, log or trust: user agent, referer, cookies, forwarding, unknown `X-` ones. */
export function inspectHeaders(
  guard: SqlGuard,
  headers: Readonly<Record<string, string>>,
): Finding | undefined {
  for (const name in headers) {
    const value = headers[name]!;
    let finding: Finding | undefined;
    if (name === 'cookie') finding = inspectCookies(guard, value);
    else if (name === 'referer') finding = inspectReferer(guard, value);
    else if (isInspectedHeader(name)) finding = judge(guard, value, `header.${safeName(name)}`);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function inspectCookies(guard: SqlGuard, cookies: string): Finding | undefined {
  for (const cookie of cookies.split(';')) {
    const equals = cookie.indexOf('=');
    const value = cookie.slice(equals + 1).trim();
    const name = equals < 0 ? '' : cookie.slice(0, equals).trim();
    const finding = judge(guard, value, `header.cookie.${safeName(name)}`);
    if (finding !== undefined) return finding;
  }
  // A payload with a semicolon was cut above: once more as a whole, when it is not a plain list.
  return /['"`(]/.test(cookies) ? judge(guard, cookies, 'header.cookie') : undefined;
}

/** A referer is a URL: its query is judged by parameter, as the query of a request is. */
function inspectReferer(guard: SqlGuard, referer: string): Finding | undefined {
  const mark = referer.indexOf('?');
  const head = mark < 0 ? referer : referer.slice(0, mark);
  const finding =
    judge(guard, head, 'header.referer') ??
    (mark < 0 ? undefined : inspectQuery(guard, referer.slice(mark + 1)));
  return finding === undefined ? undefined : { ...finding, surface: 'header', where: 'header.referer' };
}

function judge(guard: SqlGuard, value: string, where: string): Finding | undefined {
  if (isHarmless(value)) return undefined;
  const { score, signature } = guard.inspect(value, 'header');
  if (signature === undefined || score < thresholds.header.log) return undefined;
  return { score, signature, surface: 'header', where, value };
}
