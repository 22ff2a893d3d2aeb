import { shapeOf } from '../../../sdk/gateway.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { ApiPlan } from './api-plan.ts';
import { privilegesSql } from './privileges.ts';

const shape = shapeOf(privilegesSql, ['name']);

/** GET /api and GET /api/openapi.json for a caller who may not see everything: asks what it may see. */
export function planOverview(schema: ProjectSchema, purpose: 'endpoints' | 'openapi'): ApiPlan {
  const [first] = schema.tables.values();
  const exposed = first?.schema ?? 'public';
  return {
    access: 'read',
    operation: 'select',
    table: { schema: 'pg_catalog', name: 'pg_class' },
    sql: privilegesSql,
    parameters: [exposed],
    parameterColumns: [null],
    shape,
    schemaVersion: schema.version,
    answer: { status: 200, contentType: 'application/json; charset=utf-8' },
    purpose,
    minimal: false,
    sources: [],
  };
}
