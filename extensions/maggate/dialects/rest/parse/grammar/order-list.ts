import type { OrderTerm } from '../../../../query/query-params.ts';
import { delimiter } from './delimiter.ts';
import { field } from './field.ts';
import { fieldName } from './field-name.ts';
import { plainName } from './plain-name.ts';
import type { Scanner } from './scanner.ts';

/** `a.desc.nullslast,rel(b)`. */
export function orderList(scanner: Scanner): readonly OrderTerm[] | undefined {
  return scanner.separated(paddedTerm, comma);
}

function comma(scanner: Scanner): boolean {
  return scanner.character(',');
}

function paddedTerm(scanner: Scanner): OrderTerm | undefined {
  const plain = scanner.tracing ? undefined : plainTerm(scanner);
  if (plain !== undefined) return plain;
  scanner.blanks();
  const term = scanner.attempt(relationTerm) ?? columnTerm(scanner);
  if (term !== undefined) scanner.blanks();
  return term;
}

function relationTerm(scanner: Scanner): OrderTerm | undefined {
  const relation = fieldName(scanner);
  if (relation === undefined || !scanner.character('(')) return undefined;
  const column = field(scanner);
  if (column === undefined || !scanner.character(')')) return undefined;
  const how = direction(scanner);
  return how && { relation, field: column, ...how };
}

function columnTerm(scanner: Scanner): OrderTerm | undefined {
  const column = field(scanner);
  if (column === undefined) return undefined;
  const how = direction(scanner);
  return how && { relation: undefined, field: column, ...how };
}

function direction(scanner: Scanner): Pick<OrderTerm, 'direction' | 'nulls'> | undefined {
  const chosen = scanner.attempt(asc) ? 'asc' : scanner.attempt(desc) ? 'desc' : undefined;
  const nulls = scanner.attempt(nullsFirst) ? 'first' : scanner.attempt(nullsLast) ? 'last' : undefined;
  return scanner.before(',') || scanner.atEnd() ? { direction: chosen, nulls } : undefined;
}

function asc(scanner: Scanner): boolean {
  return delimiter(scanner) && scanner.word('asc');
}

function desc(scanner: Scanner): boolean {
  return delimiter(scanner) && scanner.word('desc');
}

function nullsFirst(scanner: Scanner): boolean {
  return delimiter(scanner) && scanner.word('nullsfirst');
}

function nullsLast(scanner: Scanner): boolean {
  return delimiter(scanner) && scanner.word('nullslast');
}

/** The short way for plain names of ASCII without a direction. */
function plainTerm(scanner: Scanner): OrderTerm | undefined {
  const name = plainName(scanner, ',');
  return name === undefined
    ? undefined
    : { relation: undefined, field: { name, jsonPath: [] }, direction: undefined, nulls: undefined };
}
