import { malformed } from '../../../parse/malformed.ts';
import type { PlannedLogic } from '../../../plan/read-plan.ts';
import { searchPattern } from '../search-pattern.ts';
import { tableField } from './table-field.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * `q`: the text anywhere in a column of text.
 * @throws MF405 when there is none
 */
export function quickSearch(target: TreeTarget, text: string | undefined): readonly PlannedLogic[] {
  if (text === undefined) return [];
  const { table } = target;
  if (table.textColumns.length === 0) {
    throw malformed(
      'q',
      `"${table.name}" has no text column that q could look in.`,
      'Filter by a column instead.',
    );
  }
  const value = searchPattern(text);
  const children = table.textColumns.map((column): PlannedLogic => {
    const field = tableField(target, table, column);
    const operation = { kind: 'quant', operator: 'ilike', quantifier: undefined, value, exact: {} } as const;
    return { kind: 'filter', field, negated: false, operation };
  });
  return [{ kind: 'logic', negated: false, operator: 'or', children }];
}
