import { shapeOf } from '../../../../sdk/gateway.ts';
import type { Plan } from '../../../../sdk/index.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { mediaTypesUnavailable } from '../errors/media-types-unavailable.ts';
import { RestError } from '../rest-error.ts';
import type { RestRequest } from '../rest-request.ts';
import { visibleNamesSql } from './visible-names.ts';

const nothingSql = `select null::text as body, 1::bigint as rows`;

/**
 * The description of the API: asks what the caller's role may see, unless everybody is told of everything.
 * @throws RestError PGRST126 when it is switched off, PGRST107 when the caller wants no JSON
 */
export function planRoot(
  schema: DataSchema,
  request: RestRequest,
): Pick<Plan, 'sql' | 'parameters' | 'parameterColumns' | 'shape'> {
  const mode = schema.settings.openapiMode;
  if (mode === 'disabled') throw new RestError(404, 'PGRST126', 'Root endpoint metadata is disabled');
  if (!request.accept.some(({ kind }) => kind === 'openapi' || kind === 'json' || kind === 'any')) {
    throw mediaTypesUnavailable(request.accept);
  }
  const parameters = mode === 'ignore-privileges' ? [] : [request.schema];
  const sql = mode === 'ignore-privileges' ? nothingSql : visibleNamesSql;
  return { sql, parameters, parameterColumns: parameters.map(() => null), shape: shapeOf(sql, []) };
}
