import type { Condition } from '../plan/condition.ts';
import type { UpdatePlan } from '../plan/write-plan.ts';
import { assignedSql } from './assigned-sql.ts';
import { columnList } from './column-list.ts';
import { columnName } from './column-name.ts';
import { keySql } from './key-sql.ts';
import { ParameterList } from './parameter-list.ts';
import { quoteIdentifier } from './quote-identifier.ts';
import { refuseSql } from './refuse-sql.ts';
import { rowConditionsSql } from './row-conditions-sql.ts';
import { noRowSql, severalRowsSql } from './row-refusals.ts';
import { rowTagSql } from './row-tag-sql.ts';
import type { RowTags } from './row-tags.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';
import { tagColumn } from './tag-column.ts';
import { tagGuardSql } from './tag-guard-sql.ts';
import { writtenRowSql } from './written-row-sql.ts';

/**
 * PATCH and PUT: one row by its key. Parameters: body values in table order, the key, the guards, the conditions, the
 * tags that the row may have.
 */
export function buildUpdate(
  plan: UpdatePlan,
  conditions: readonly Condition[] = [],
  tags: RowTags = {},
): Statement {
  const { table } = plan;
  const parameters = new ParameterList();
  const assignments = plan.assignments.map(
    (assignment) =>
      `${quoteIdentifier(assignment.column.name)} = ${assignedSql(table, assignment, parameters)}`,
  );
  if (assignments.length === 0) {
    // A table of key columns only: the row has nothing to replace, but it must exist and be writable.
    const first = table.primaryKey[0]!;
    assignments.push(`${quoteIdentifier(first.name)} = ${columnName('t', first)}`);
  }
  const key = keySql(table.primaryKey, parameters);
  const guards = plan.keyGuards.map((column) => {
    const message = `"${column.name}" in the body is not the one in the path.`;
    const same = `${columnName('t', column)} = ${parameters.add('body', column)}`;
    return ` and case when ${same} then true else ${refuseSql('MF422', message)} is null end`;
  });
  const met = rowConditionsSql(table, conditions, parameters);
  const match = tags.match === true ? tagGuardSql(table, parameters) : '';
  const tag = tags.show === true ? tagColumn(table) : undefined;
  const shown = plan.returning === undefined ? '1' : columnList('t', plan.returning);
  const returned = tag === undefined ? shown : `${shown}, ${rowTagSql(table, 't')} as ${tag}`;
  const text = `with w as (
  update ${tableName(table)} as t set ${assignments.join(', ')}
  where ${key}${guards.join('')}${met}${match}
  returning ${returned}
)
${writtenRowSql(plan.returning, noRowSql(table), severalRowsSql(table), tag)}`;
  return { text, parameters: parameters.all };
}
