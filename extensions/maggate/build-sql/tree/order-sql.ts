import type { PlannedOrder } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { fieldSql } from './field-sql.ts';

const directions = { asc: ' ASC', desc: ' DESC' };
const places = { first: ' NULLS FIRST', last: ' NULLS LAST' };

/** ` ORDER BY …`, or nothing. A term of an embedded relation is looked up in the join of that name. */
export function orderSql(source: QualifiedName, order: readonly PlannedOrder[], writer: SqlWriter): string {
  if (order.length === 0) return '';
  const terms = order.map(({ relation, field, direction, nulls }) => {
    const from = relation === undefined ? source : { schema: '', name: relation };
    return (
      fieldSql(from, field, writer) +
      (direction === undefined ? '' : directions[direction]) +
      (nulls === undefined ? '' : places[nulls])
    );
  });
  return ` ORDER BY ${terms.join(', ')}`;
}
