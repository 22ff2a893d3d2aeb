import type { ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import { aliasSql } from './alias-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';

/**
 * ` FROM …`: the table, the function of a computed relationship, or the table and the junction that leads to it.
 * @param parent what columns of the node above are qualified with
 */
export function fromSql(node: ReadNode, parent: QualifiedName | undefined): string {
  const { relationship } = node;
  const alias = aliasSql(node.fromAlias);
  if (relationship?.kind === 'computed') {
    // The row of the parent; after a write it comes from a CTE, and only the cast finds the right overload.
    const row = `${identifierSql((parent ?? relationship.table).name)}::${qualifiedSql(relationship.table)}`;
    return ` FROM ${qualifiedSql(relationship.function)}(${row})${alias}`;
  }
  const junction =
    relationship?.cardinality.kind === 'many-to-many'
      ? `, ${qualifiedSql(relationship.cardinality.junction)}`
      : '';
  return ` FROM ${qualifiedSql(node.from)}${alias}${junction}`;
}
