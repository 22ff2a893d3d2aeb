import type { JsonStep } from '../../query/query-params.ts';
import type { DataColumn } from '../../schema-cache/data-schema.ts';
import type { PlannedField } from '../read-plan.ts';

/**
 * A column of the schema as a field.
 * @param search the search configuration when it is the subject of a full text search, null for the default one
 */
export function columnField(
  column: DataColumn,
  jsonPath: readonly JsonStep[] = [],
  search: string | null | undefined = undefined,
): PlannedField {
  const isJson = column.nominalType === 'json' || column.nominalType === 'jsonb';
  return {
    name: column.name,
    jsonPath,
    // JSON columns stay bare: an index on the expression would not be used otherwise.
    toJson: !isJson,
    toTsVector: !isJson && column.type === 'tsvector' ? undefined : search,
    type: column.nominalType,
    baseType: column.type,
    transform: undefined,
    default: column.default ?? undefined,
    fullRow: false,
  };
}
