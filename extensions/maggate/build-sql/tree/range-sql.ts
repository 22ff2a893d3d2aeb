import type { RowRange } from '../../query/query-params.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { isUsualLimit } from './is-usual-limit.ts';

/** ` LIMIT 20 OFFSET $2`, each only when it does something. */
export function rangeSql(range: RowRange, writer: SqlWriter): string {
  const limit = range.limit === undefined ? '' : ` LIMIT ${limitText(range.limit, writer)}`;
  const offset = range.offset === 0 ? '' : ` OFFSET ${writer.parameter(String(range.offset))}`;
  return limit + offset;
}

function limitText(limit: number, writer: SqlWriter): string {
  const isPlain = Number.isSafeInteger(limit) && limit >= 0 && isUsualLimit(limit);
  return isPlain ? String(limit) : writer.parameter(String(limit));
}
