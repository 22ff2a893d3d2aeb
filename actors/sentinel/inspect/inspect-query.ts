import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blocks } from './blocks.ts';
import { decodeTransport } from './decode-transport.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import type { ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

/** With a quote in the key, and one or a comment behind it, the first `=` may be part of a payload (`?1'='1`). */
const quoteInKey = /['"`]|%(?:25)*(?:27|22|60)/i;
const endInValue = /['"`#]|%(?:25)*(?:27|22|60|23)|--|\/\*/i;

/**
 * The parameters of a raw query, keys too.
 * @param query without `?`, percent-encoded as received
 * @param surface `body` for a form, `header` for the query of a referer
 * @param name instead of those of the parameters
 * @returns the first finding to block, else the first to log
 */
export function inspectQuery(
  scan: ValueScan,
  query: string,
  surface: Surface = 'query',
  name?: string,
): Finding | undefined {
  let worst: Finding | undefined;
  for (let from = 0; from < query.length; ) {
    let end = query.indexOf('&', from);
    if (end < 0) end = query.length;
    worst = worse(worst, inspectParameter(scan, query.slice(from, end), surface, name));
    if (blocks(worst)) return worst;
    from = end + 1;
  }
  return worst;
}

function inspectParameter(
  scan: ValueScan,
  parameter: string,
  surface: Surface,
  name: string | undefined,
): Finding | undefined {
  const equals = parameter.indexOf('=');
  const key = equals < 0 ? parameter : parameter.slice(0, equals);
  const value = equals < 0 ? '' : parameter.slice(equals + 1);
  const named = name ?? key;
  const inValue = look(scan, value, surface, named);
  if (blocks(inValue) || isHarmless(key)) return inValue;
  const inKey = worse(inValue, look(scan, key, surface, named));
  if (blocks(inKey) || !quoteInKey.test(key) || !endInValue.test(value)) return inKey;
  return worse(inKey, look(scan, parameter, surface, named));
}

function look(scan: ValueScan, raw: string, surface: Surface, name: string): Finding | undefined {
  return scan.look(decodeTransport(raw.includes('+') ? raw.replaceAll('+', ' ') : raw), surface, name);
}
