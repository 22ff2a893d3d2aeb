import type { Aggregate, SelectNode } from '../../../../query/query-params.ts';
import { aliasBefore } from './alias-before.ts';
import { field } from './field.ts';
import type { Scanner } from './scanner.ts';

const aggregates: readonly Aggregate[] = ['sum', 'avg', 'count'];

/** `*`, `alias:count()::cast`, or `alias:column->path::cast.sum()::cast`. */
export function selectField(scanner: Scanner): SelectNode | undefined {
  scanner.blanks();
  const item = scanner.attempt(star) ?? scanner.attempt(countOfRows) ?? columnItem(scanner);
  if (item !== undefined) scanner.blanks();
  return item;
}

function star(scanner: Scanner): SelectNode | undefined {
  return scanner.word('*') && ended(scanner) ? fieldNode({ name: '*', jsonPath: [] }) : undefined;
}

function countOfRows(scanner: Scanner): SelectNode | undefined {
  const alias = aliasBefore(scanner);
  if (!scanner.word('count()')) return undefined;
  const cast = optionalCast(scanner);
  if (cast === null || !ended(scanner)) return undefined;
  return { ...fieldNode({ name: '*', jsonPath: [] }), alias, aggregate: 'count', aggregateCast: cast };
}

function columnItem(scanner: Scanner): SelectNode | undefined {
  const alias = aliasBefore(scanner);
  const column = field(scanner);
  if (column === undefined) return undefined;
  const cast = optionalCast(scanner);
  if (cast === null) return undefined;
  const aggregate = scanner.attempt(aggregateCall);
  const aggregateCast = optionalCast(scanner);
  if (aggregateCast === null || !ended(scanner)) return undefined;
  return { kind: 'field', field: column, alias, cast, aggregate, aggregateCast };
}

/** `::type`; undefined when there is none, null when it is broken. */
function optionalCast(scanner: Scanner): string | undefined | null {
  const start = scanner.at;
  if (!scanner.word('::')) return scanner.at === start ? undefined : null;
  return scanner.identifier() ?? null;
}

function aggregateCall(scanner: Scanner): Aggregate | undefined {
  if (!scanner.character('.')) return undefined;
  const aggregate = aggregateName(scanner);
  return aggregate !== undefined && scanner.word('()') ? aggregate : undefined;
}

function aggregateName(scanner: Scanner): Aggregate | undefined {
  const start = scanner.at;
  for (const name of aggregates) {
    if (scanner.word(name)) return name;
    if (scanner.at !== start) return undefined;
  }
  if (scanner.attemptWord('max')) return 'max';
  return scanner.attemptWord('min') ? 'min' : undefined;
}

function ended(scanner: Scanner): boolean {
  return scanner.before(')') || scanner.before(',') || scanner.atEnd();
}

function fieldNode(
  selected: Extract<SelectNode, { kind: 'field' }>['field'],
): Extract<SelectNode, { kind: 'field' }> {
  return {
    kind: 'field',
    field: selected,
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
  };
}
