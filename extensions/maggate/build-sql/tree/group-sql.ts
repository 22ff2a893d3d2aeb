import type { ReadNode, RelationSelect } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { columnSql } from './column-sql.ts';
import { fieldSql } from './field-sql.ts';
import { identifierSql } from './identifier-sql.ts';

/**
 * ` GROUP BY …` what the node says, else all that is selected beside an aggregate; nothing when there is no aggregate.
 */
export function groupSql(source: QualifiedName, node: ReadNode, writer: SqlWriter): string {
  if (node.group !== undefined) {
    const terms = node.group.map((field) => fieldSql(source, field, writer));
    return groupBy([...terms, ...node.relationSelect.flatMap(relationTerms)]);
  }
  const aggregates =
    node.select.some((item) => item.aggregate !== undefined) ||
    node.relationSelect.some(
      (relation) =>
        relation.kind === 'spread' && relation.columns.some((column) => column.aggregate !== undefined),
    );
  if (!aggregates) return '';
  const terms = [
    ...node.select
      .filter((item) => item.aggregate === undefined)
      .map((item) =>
        item.alias === undefined ? fieldSql(source, item.field, writer) : identifierSql(item.alias),
      ),
    ...node.relationSelect.flatMap(relationTerms),
  ];
  return groupBy(terms);
}

function groupBy(terms: readonly string[]): string {
  return terms.length === 0 ? '' : ` GROUP BY ${terms.join(', ')}`;
}

function relationTerms(relation: RelationSelect): readonly string[] {
  if (relation.kind === 'json') return relation.empty ? [] : [identifierSql(relation.name)];
  const source = { schema: '', name: relation.alias };
  return relation.columns
    .filter((column) => column.aggregate === undefined)
    .map((column) => columnSql(source, column.alias ?? column.name));
}
