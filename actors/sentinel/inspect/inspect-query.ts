import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { isHarmless } from './is-harmless.ts';
import { safeName } from './safe-name.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';
import { worse } from './worse.ts';

/** With a quote in the key, and one or a comment behind it, the first `=` may be part of a payload (`?1'='1`). */
const quoteInKey = /['"`]|%(?:25)*(?:27|22|60)/i;
const endInValue = /['"`#]|%(?:25)*(?:27|22|60|23)|--|\/\*/i;

/**
 * The parameters of a raw query, keys too.
 * @param query without `?`, percent-encoded as received
 * @param surface `body` for a form
 * @returns the first finding to block, else the first to log
 */
export function inspectQuery(
  guard: SqlGuard,
  query: string,
  surface: Surface = 'query',
): Finding | undefined {
  let worst: Finding | undefined;
  for (let from = 0; from < query.length; ) {
    let end = query.indexOf('&', from);
    if (end < 0) end = query.length;
    worst = worse(worst, inspectParameter(guard, query.slice(from, end), surface));
    if (blocks(worst)) return worst;
    from = end + 1;
  }
  return worst;
}

function inspectParameter(guard: SqlGuard, parameter: string, surface: Surface): Finding | undefined {
  const equals = parameter.indexOf('=');
  const key = equals < 0 ? parameter : parameter.slice(0, equals);
  const value = equals < 0 ? '' : parameter.slice(equals + 1);
  const inValue = judge(guard, value, key, surface);
  if (blocks(inValue) || isHarmless(key)) return inValue;
  const inKey = worse(inValue, judge(guard, key, key, surface));
  if (blocks(inKey) || !quoteInKey.test(key) || !endInValue.test(value)) return inKey;
  return worse(inKey, judge(guard, parameter, key, surface));
}

function judge(guard: SqlGuard, raw: string, key: string, surface: Surface): Finding | undefined {
  if (isHarmless(raw)) return undefined;
  const text = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  const { score, signature } = guard.inspect(text, surface);
  if (signature === undefined || score < thresholds[surface].log) return undefined;
  return { score, signature, surface, where: `${surface}.${safeName(key)}`, value: text };
}
