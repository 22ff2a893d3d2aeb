import type { PlanResult } from '../../../../sdk/index.ts';

/** A column of the result as a number; undefined for null and for the empty text. */
export function numberColumn(result: PlanResult, name: string): number | undefined {
  const value = result.columns?.[name];
  return value === undefined || value === null || value === '' ? undefined : Number(value);
}
