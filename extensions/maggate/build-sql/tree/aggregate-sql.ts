import type { Aggregate } from '../../query/query-params.ts';
import { castSql } from './cast-sql.ts';

const functions: Readonly<Record<Aggregate, string>> = {
  sum: 'sum',
  avg: 'avg',
  count: 'count',
  max: 'max',
  min: 'min',
};

/** The aggregate of a value and the cast of its result; the value itself without one. */
export function aggregateSql(
  value: string,
  aggregate: Aggregate | undefined,
  cast: string | undefined,
): string {
  return aggregate === undefined ? value : castSql(`${functions[aggregate]}(${value})`, cast);
}
