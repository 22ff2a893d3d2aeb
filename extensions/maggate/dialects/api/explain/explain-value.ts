import { ExtensionError } from '../../../../sdk/index.ts';
import { constraintColumns } from './constraint-columns.ts';
import type { FailedPlan } from './failed-plan.ts';
import { locateColumn } from './locate-column.ts';

/**
 * A value that does not fit (class 22, 23502, 23514): MF422 in a body, MF405 in a filter, MF406 in the id.
 * PostgreSQL's message is passed on; it quotes only what the caller sent.
 */
export function explainValue(failed: FailedPlan): ExtensionError {
  const { plan, facts } = failed;
  if (facts.sqlstate === '23514' || facts.sqlstate === '44000') return explainCheck(failed);
  const { column, source } = locateColumn(failed);
  const name = column === undefined ? 'A value' : `"${column.name}"`;
  const type = column === undefined ? '' : ` (${column.type})`;
  const details = {
    table: plan.table.name,
    ...(column === undefined ? {} : { column: column.name, type: column.type }),
    ...(facts.constraint === undefined ? {} : { constraint: facts.constraint }),
  };
  if (facts.sqlstate === '23502') {
    const missing = column?.name ?? facts.column ?? 'a column';
    return new ExtensionError('MF422', `"${missing}" must not be null or left out.`, {
      fix: `Send a value for "${missing}".`,
      details: { ...details, column: missing, constraint: 'not null' },
    });
  }
  const allowed = column?.enumValues ?? null;
  const fix =
    allowed !== null
      ? `Allowed are: ${allowed.join(', ')}.`
      : column === undefined
        ? undefined
        : `Send a value of type ${column.type}.`;
  if (source === 'id') {
    return new ExtensionError('MF406', `The id does not fit ${name}${type}: ${facts.message}.`, {
      fix,
      details,
    });
  }
  if (source === 'body' || (source === undefined && plan.access === 'write')) {
    return new ExtensionError('MF422', `${name}${type} does not take this value: ${facts.message}.`, {
      fix,
      details,
    });
  }
  const operatorHint =
    column === undefined ? undefined : `${fix} Operators are written ${column.name}=gte.value.`;
  return new ExtensionError('MF405', `The filter on ${name}${type} has a bad value: ${facts.message}.`, {
    fix: operatorHint,
    details,
  });
}

function explainCheck(failed: FailedPlan): ExtensionError {
  const { table, plan, facts } = failed;
  const columns = constraintColumns(failed);
  const column = columns.length === 0 ? locateColumn(failed).column?.name : undefined;
  const all = column === undefined ? columns : [column];
  const definition = table?.constraints.get(facts.constraint ?? '')?.definition ?? undefined;
  const named = all.length === 0 ? 'A value' : all.map((name) => `"${name}"`).join(', ');
  return new ExtensionError('MF422', `${named} breaks the rule ${facts.constraint ?? 'of a view'}.`, {
    fix: definition === undefined ? undefined : `The rule is: ${definition}.`,
    details: { table: plan.table.name, columns: all, constraint: facts.constraint },
  });
}
