import type { PlannedOrder } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { orderTermSql } from './order-term-sql.ts';

const directions = { asc: ' ASC', desc: ' DESC' };
const places = { first: ' NULLS FIRST', last: ' NULLS LAST' };

/** ` ORDER BY …`, or nothing. */
export function orderSql(source: QualifiedName, order: readonly PlannedOrder[], writer: SqlWriter): string {
  if (order.length === 0) return '';
  const terms = order.map(
    (term) =>
      orderTermSql(source, term, writer) +
      (term.direction === undefined ? '' : directions[term.direction]) +
      (term.nulls === undefined ? '' : places[term.nulls]),
  );
  return ` ORDER BY ${terms.join(', ')}`;
}
