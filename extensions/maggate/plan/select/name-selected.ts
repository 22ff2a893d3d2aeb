import type { JsonStep } from '../../query/query-params.ts';
import type { PlannedSelect } from '../read-plan.ts';

/**
 * Gives a selected field the name it is shown by, where PostgreSQL would choose another one: the last key of a JSON
 * path, the column behind a function, and the aggregate's own name where a parent has to know it.
 */
export function nameSelected(select: PlannedSelect, spread: boolean): PlannedSelect {
  const { field, aggregate, aggregateCast, cast } = select;
  const alias = select.alias ?? impliedName(select, spread);
  return { field, aggregate, aggregateCast, cast, alias };
}

function impliedName({ field, aggregate }: PlannedSelect, spread: boolean): string | undefined {
  if (aggregate !== undefined) return spread ? aggregate : undefined;
  if (field.jsonPath.length > 0) return lastKey(field.jsonPath) ?? field.name;
  return field.transform === undefined ? undefined : field.name;
}

function lastKey(path: readonly JsonStep[]): string | undefined {
  return path.findLast((step) => step.kind === 'key')?.value;
}
