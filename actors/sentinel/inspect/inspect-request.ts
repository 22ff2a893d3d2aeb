import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { inspectJson, inspectText } from './inspect-body.ts';
import { inspectHeaders } from './inspect-headers.ts';
import { inspectPath } from './inspect-path.ts';
import { inspectQuery } from './inspect-query.ts';
import type { SqlGuard } from './sql-guard.ts';
import { worse } from './worse.ts';

/**
 * Looks at every surface of a request, cheapest first: path, query, headers, body.
 * @returns the first finding to block, else the first to log
 */
export function inspectRequest(guard: SqlGuard, facts: InspectionFacts): Finding | undefined {
  let worst = inspectPath(guard, facts.path);
  if (!blocks(worst) && facts.query.length > 0) worst = worse(worst, inspectQuery(guard, facts.query));
  if (!blocks(worst)) worst = worse(worst, inspectHeaders(guard, facts.headers));
  if (!blocks(worst)) worst = worse(worst, inspectBody(guard, facts));
  return worst;
}

function inspectBody(guard: SqlGuard, facts: InspectionFacts): Finding | undefined {
  if (facts.json !== undefined) return inspectJson(guard, facts.json);
  if (facts.body === undefined || facts.body.length === 0) return undefined;
  const type = facts.headers['content-type'] ?? '';
  return type.startsWith('application/x-www-form-urlencoded')
    ? inspectQuery(guard, facts.body, 'body')
    : inspectText(guard, facts.body);
}
