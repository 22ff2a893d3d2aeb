import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { inspectQuery } from './inspect-query.ts';
import { isInspectedHeader } from './inspected-header.ts';
import type { ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

/** All headers but those that carry keys: cookies one by one, a referer by its parts. */
export function inspectHeaders(
  scan: ValueScan,
  headers: Readonly<Record<string, string>>,
): Finding | undefined {
  let worst: Finding | undefined;
  for (const name in headers) {
    const value = headers[name]!;
    if (name === 'cookie') worst = worse(worst, inspectCookies(scan, value));
    else if (name === 'referer') worst = worse(worst, inspectReferer(scan, value));
    else if (isInspectedHeader(name, value)) worst = worse(worst, scan.look(value, 'header', name));
    if (blocks(worst)) return worst;
  }
  return worst;
}

function inspectCookies(scan: ValueScan, cookies: string): Finding | undefined {
  let worst: Finding | undefined;
  for (const cookie of cookies.split(';')) {
    const equals = cookie.indexOf('=');
    const name = equals < 0 ? '' : cookie.slice(0, equals).trim();
    const value = cookie.slice(equals + 1).trim();
    worst = worse(worst, scan.look(value, 'header', `cookie.${name}`));
    if (blocks(worst)) return worst;
  }
  // A payload with a semicolon was cut above: once more as a whole, when it is not a plain list.
  return /['"`(]/.test(cookies) ? worse(worst, scan.look(cookies, 'header', 'cookie')) : worst;
}

/** A referer is a URL: its query is judged by parameter, as the query of a request is. */
function inspectReferer(scan: ValueScan, referer: string): Finding | undefined {
  const mark = referer.indexOf('?');
  const inPath = scan.look(mark < 0 ? referer : referer.slice(0, mark), 'header', 'referer');
  if (blocks(inPath) || mark < 0) return inPath;
  return worse(inPath, inspectQuery(scan, referer.slice(mark + 1), 'header', 'referer'));
}
