import type { JsonStep } from '../../query/query-params.ts';
import type { PlannedField } from '../read-plan.ts';

/** A field of which nothing but its name is known: an alias, or a column of a relation that is not in the schema. */
export function unknownField(name: string, jsonPath: readonly JsonStep[] = []): PlannedField {
  return {
    name,
    jsonPath,
    toJson: false,
    toTsVector: undefined,
    type: '',
    baseType: '',
    transform: undefined,
    default: undefined,
    fullRow: false,
  };
}
