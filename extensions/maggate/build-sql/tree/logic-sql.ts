import type { PlannedLogic } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { fieldSql } from './field-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { operationSql } from './operation-sql.ts';

/** How `rel=is.null` is written: by the joined relation, or by EXISTS where nothing is joined. */
export type NullEmbedSql = (alias: string, negated: boolean) => string;

/** A tree of conditions on one source. */
export function logicSql(
  source: QualifiedName,
  logic: PlannedLogic,
  writer: SqlWriter,
  nullEmbedSql: NullEmbedSql = joinedNullSql,
): string {
  switch (logic.kind) {
    case 'logic': {
      const children = logic.children.map((child) => logicSql(source, child, writer, nullEmbedSql));
      const joined = children.join(logic.operator === 'and' ? ' AND ' : ' OR ');
      return `${logic.negated ? 'NOT ' : ''}(${joined})`;
    }
    case 'filter': {
      const field = fieldSql(source, logic.field, writer);
      return `${logic.negated ? 'NOT ' : ''}${field} ${operationSql(logic.field, logic.operation, writer)}`;
    }
    case 'null-embed':
      return nullEmbedSql(logic.alias, logic.negated);
  }
}

/** IS NULL would also be true of a row whose columns are all null. */
function joinedNullSql(alias: string, negated: boolean): string {
  return `${identifierSql(alias)} IS ${negated ? '' : 'NOT '}DISTINCT FROM NULL`;
}
