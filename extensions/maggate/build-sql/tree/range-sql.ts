import type { RowRange } from '../../query/query-params.ts';
import type { SqlWriter } from '../sql-writer.ts';

/** ` LIMIT $1 OFFSET $2`, each only when it does something. */
export function rangeSql(range: RowRange, writer: SqlWriter): string {
  const limit = range.limit === undefined ? '' : ` LIMIT ${writer.parameter(String(range.limit))}`;
  const offset = range.offset === 0 ? '' : ` OFFSET ${writer.parameter(String(range.offset))}`;
  return limit + offset;
}
