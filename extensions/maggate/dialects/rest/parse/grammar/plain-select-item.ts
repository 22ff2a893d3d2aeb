import type { SelectNode } from '../../../../query/query-params.ts';
import { plainName } from './plain-name.ts';
import type { Scanner } from './scanner.ts';

/** The short way for what most lists hold: plain names. Undefined, with nothing taken, leaves it to the grammar. */
export function plainSelectItem(scanner: Scanner): SelectNode | undefined {
  const name = plainName(scanner, ',)');
  if (name === undefined) return undefined;
  return {
    kind: 'field',
    field: { name, jsonPath: [] },
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
  };
}
