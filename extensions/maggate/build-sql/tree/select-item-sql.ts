import type { PlannedSelect } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { aggregateSql } from './aggregate-sql.ts';
import { aliasSql } from './alias-sql.ts';
import { castSql } from './cast-sql.ts';
import { fieldSql } from './field-sql.ts';

/** One selected field: represented, cast, aggregated, named. */
export function selectItemSql(source: QualifiedName, item: PlannedSelect, writer: SqlWriter): string {
  const field = fieldSql(source, item.field, writer);
  const represented = item.field.transform === undefined ? field : `${item.field.transform}(${field})`;
  const value = aggregateSql(castSql(represented, item.cast), item.aggregate, item.aggregateCast);
  return value + aliasSql(item.alias);
}
