import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { inspectQuery } from './inspect-query.ts';
import { isInspectedHeader } from './inspected-header.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';
import { worse } from './worse.ts';

/** The headers that applications store, log or trust: user agent, referer, cookies, forwarding, unknown `X-` ones. */
export function inspectHeaders(
  guard: SqlGuard,
  headers: Readonly<Record<string, string>>,
): Finding | undefined {
  let worst: Finding | undefined;
  for (const name in headers) {
    const value = headers[name]!;
    if (name === 'cookie') worst = worse(worst, inspectCookies(guard, value));
    else if (name === 'referer') worst = worse(worst, inspectReferer(guard, value));
    else if (isInspectedHeader(name)) worst = worse(worst, judge(guard, value, `header.${safeName(name)}`));
    if (blocks(worst)) return worst;
  }
  return worst;
}

function inspectCookies(guard: SqlGuard, cookies: string): Finding | undefined {
  let worst: Finding | undefined;
  for (const cookie of cookies.split(';')) {
    const equals = cookie.indexOf('=');
    const name = equals < 0 ? '' : cookie.slice(0, equals).trim();
    const value = cookie.slice(equals + 1).trim();
    worst = worse(worst, judge(guard, value, `header.cookie.${safeName(name)}`));
    if (blocks(worst)) return worst;
  }
  // A payload with a semicolon was cut above: once more as a whole, when it is not a plain list.
  return /['"`(]/.test(cookies) ? worse(worst, judge(guard, cookies, 'header.cookie')) : worst;
}

/** A referer is a URL: its query is judged by parameter, as the query of a request is. */
function inspectReferer(guard: SqlGuard, referer: string): Finding | undefined {
  const mark = referer.indexOf('?');
  const where = 'header.referer';
  const inPath = judge(guard, mark < 0 ? referer : referer.slice(0, mark), where);
  if (blocks(inPath) || mark < 0) return inPath;
  const inQuery = inspectQuery(guard, referer.slice(mark + 1));
  return worse(inPath, inQuery && { ...inQuery, surface: 'header', where });
}

function judge(guard: SqlGuard, value: string, where: string): Finding | undefined {
  if (isHarmless(value)) return undefined;
  const { score, signature } = guard.inspect(value, 'header');
  if (signature === undefined || score < thresholds.header.log) return undefined;
  return { score, signature, surface: 'header', where, value };
}
