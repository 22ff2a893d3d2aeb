import { ExtensionError, type GatewayAnswer, type GatewayRequest } from '../../../sdk/index.ts';
import { findTable } from '../../schema-cache/find-table.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import { fullAccess } from './access.ts';
import { answerOverview } from './answer-overview.ts';
import type { ApiLimits } from './api-limits.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiFacts, ApiTarget } from './api-target.ts';
import { chooseOperation } from './choose-operation.ts';
import { parsePath } from './parse-path.ts';
import { planChangeRequest } from './plan-change-request.ts';
import { planCreateRequest } from './plan-create-request.ts';
import { planDeleteRequest } from './plan-delete-request.ts';
import { planListRequest } from './plan-list-request.ts';
import { planOverview } from './plan-overview.ts';
import { planReadRequest } from './plan-read-request.ts';

/**
 * A request below /api as a plan: read this first. Each operation goes scan → parse → plan → build SQL, and a
 * request of a known shape goes from scan straight to a template.
 * @throws ExtensionError MF1xx, MF4xx for what cannot be planned
 */
export function planRequest(
  schema: ProjectSchema,
  request: GatewayRequest,
  limits: ApiLimits,
  facts: ApiFacts,
): ApiPlan | GatewayAnswer {
  const path = parsePath(request.mountedPath);
  if (path.kind === 'root') return overview(schema, request, 'endpoints');
  if (path.kind === 'openapi') return overview(schema, request, 'openapi');
  const target: ApiTarget = { schema, table: findTable(schema, path.table), limits, facts };
  const id = path.kind === 'row' ? path.id : '';
  const operation = chooseOperation(target.table, request.method, path.kind);
  switch (operation) {
    case 'list':
      return planListRequest(target, request);
    case 'read':
      return planReadRequest(target, id, request.query, request.filter);
    case 'create':
      return planCreateRequest(target, request);
    case 'update':
    case 'replace':
      return planChangeRequest(target, request, id, operation);
    case 'delete':
      return planDeleteRequest(target, request, id);
  }
}

function overview(
  schema: ProjectSchema,
  request: GatewayRequest,
  purpose: 'endpoints' | 'openapi',
): ApiPlan | GatewayAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new ExtensionError('MF105', `${request.method} is not available here.`, {
      fix: 'This path takes GET, HEAD.',
      details: { allow: ['GET', 'HEAD'] },
    });
  }
  // A secret key sees everything; for others the database says what they may see.
  if (request.visibleAs === 'service_role')
    return answerOverview(schema, purpose, fullAccess, request.headers);
  return planOverview(schema, purpose);
}
