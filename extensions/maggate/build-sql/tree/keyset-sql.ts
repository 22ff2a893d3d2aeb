import type { KeysetTerm, PlannedLogic } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { orderTermSql } from './order-term-sql.ts';

interface WrittenTerm extends KeysetTerm {
  readonly expression: string;
  /** Undefined for NULL. */
  readonly parameter: string | undefined;
}

/**
 * The rows that follow a position in an ordered list. One direction without NULLs is a comparison of rows, which an
 * index answers; else each term decides where those before it are equal.
 */
export function keysetSql(
  source: QualifiedName,
  { terms, inclusive }: Extract<PlannedLogic, { kind: 'keyset' }>,
  writer: SqlWriter,
): string {
  const written = terms.map((term) => writeTerm(source, term, writer));
  const [first] = written;
  if (first === undefined) return 'TRUE';
  if (written.every((term) => term.ascending === first.ascending && !term.nullable)) {
    const operator = `${first.ascending ? '>' : '<'}${inclusive ? '=' : ''}`;
    const expressions = written.map(({ expression }) => expression).join(', ');
    return `(${expressions}) ${operator} (${written.map(({ parameter }) => parameter).join(', ')})`;
  }
  const chain = `(${chainSql(written, inclusive)})`;
  if (first.nullable) return chain;
  // Says nothing new, but it is what an index on the first term can start from.
  return `${first.expression} ${first.ascending ? '>=' : '<='} ${first.parameter} AND ${chain}`;
}

function writeTerm(source: QualifiedName, term: KeysetTerm, writer: SqlWriter): WrittenTerm {
  const { order, value, type } = term;
  const column = order.rank === undefined ? { column: order.field.name } : {};
  return {
    ...term,
    expression: orderTermSql(source, order, writer),
    parameter:
      value === null
        ? undefined
        : writer.parameter(value, { ...column, ...(type === undefined ? {} : { type }) }),
  };
}

function chainSql(terms: readonly WrittenTerm[], inclusive: boolean): string {
  const [term, ...further] = terms as [WrittenTerm, ...WrittenTerm[]];
  const { expression, parameter } = term;
  const equal = parameter === undefined ? `${expression} IS NULL` : `${expression} = ${parameter}`;
  const choices = afterSql(term);
  if (further.length > 0) choices.push(`${equal} AND (${chainSql(further, inclusive)})`);
  else if (inclusive) choices.push(equal);
  return choices.length === 0 ? 'FALSE' : choices.join(' OR ');
}

function afterSql({ expression, parameter, ascending, nullsAfter, nullable }: WrittenTerm): string[] {
  if (parameter === undefined) return nullsAfter ? [] : [`${expression} IS NOT NULL`];
  const beyond = `${expression} ${ascending ? '>' : '<'} ${parameter}`;
  return nullsAfter && nullable ? [beyond, `${expression} IS NULL`] : [beyond];
}
