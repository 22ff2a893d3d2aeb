import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Finding } from './finding.ts';
import { inspectJson, inspectText } from './inspect-body.ts';
import { inspectHeaders } from './inspect-headers.ts';
import { inspectPath } from './inspect-path.ts';
import { inspectQuery } from './inspect-query.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/**
 * Looks at every surface of a request, cheapest first: path, query, headers, body.
 * @returns the first finding to block, else the first to log
 */
export function inspectRequest(guard: SqlGuard, facts: InspectionFacts): Finding | undefined {
  const path = inspectPath(guard, facts.path);
  if (blocks(path)) return path;
  const query = facts.query.length === 0 ? undefined : inspectQuery(guard, facts.query);
  if (blocks(query)) return query;
  const headers = inspectHeaders(guard, facts.headers);
  if (blocks(headers)) return headers;
  const body = inspectBody(guard, facts);
  return blocks(body) ? body : (path ?? query ?? headers ?? body);
}

function inspectBody(guard: SqlGuard, facts: InspectionFacts): Finding | undefined {
  if (facts.json !== undefined) return inspectJson(guard, facts.json);
  if (facts.body === undefined || facts.body.length === 0) return undefined;
  if (facts.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return inspectQuery(guard, facts.body, 'body');
  }
  return inspectText(guard, facts.body);
}

/** Whether a finding is over the block threshold of its surface. */
export function blocks(finding: Finding | undefined): boolean {
  return finding !== undefined && finding.score >= thresholds[finding.surface].block;
}
