import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { inspectJson } from './inspect-body.ts';
import { inspectHeaders } from './inspect-headers.ts';
import { inspectPath } from './inspect-path.ts';
import { inspectQuery } from './inspect-query.ts';
import { inspectText } from './inspect-text.ts';
import type { SqlGuard } from './sql-guard.ts';
import { type ModelWish, ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

/**
 * Looks at every surface of a request, cheapest first: path, query, headers, body. Of a request that an extension
 * changed, only at query and body: the rest is the caller's and was looked at.
 * @param wish receives the values that signatures do not settle; incomplete when something is blocked
 * @returns the first finding to block, else the first to log
 */
export function inspectRequest(
  guard: SqlGuard,
  facts: InspectionFacts,
  wish?: ModelWish,
): Finding | undefined {
  const scan = new ValueScan(guard, wish);
  const own = facts.extension === undefined;
  let worst = own ? inspectPath(scan, facts.path) : undefined;
  if (!blocks(worst) && facts.query.length > 0) worst = worse(worst, inspectQuery(scan, facts.query));
  if (!blocks(worst) && own) worst = worse(worst, inspectHeaders(scan, facts.headers));
  if (!blocks(worst)) worst = worse(worst, inspectBody(scan, facts));
  return worst;
}

function inspectBody(scan: ValueScan, facts: InspectionFacts): Finding | undefined {
  if (facts.json !== undefined) return inspectJson(scan, facts.json);
  if (facts.body === undefined || facts.body.length === 0) return undefined;
  return inspectText(scan, facts.body, facts.headers['content-type'] ?? '');
}
