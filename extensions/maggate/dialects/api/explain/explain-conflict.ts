import { ExtensionError } from '../../../../sdk/index.ts';
import { constraintColumns } from './constraint-columns.ts';
import type { FailedPlan } from './failed-plan.ts';

/**
 * Unique, foreign key and exclusion violations (23505, 23503, 23P01) as MF409. Names constraint and columns but
 * no values: the colliding row may be one the caller must not see.
 */
export function explainConflict(failed: FailedPlan): ExtensionError {
  const { plan, facts } = failed;
  const columns = constraintColumns(failed);
  const constraint = facts.constraint ?? 'a constraint';
  const named = columns.length === 0 ? 'this value' : columns.map((name) => `"${name}"`).join(', ');
  const details = { table: plan.table.name, constraint: facts.constraint, columns };
  if (facts.sqlstate === '23505') {
    return new ExtensionError(
      'MF409',
      `A row with this ${named} exists already (constraint ${constraint}).`,
      {
        fix: 'Send another value, or change the existing row with PATCH.',
        details,
      },
    );
  }
  if (facts.sqlstate === '23P01') {
    return new ExtensionError(
      'MF409',
      `This row overlaps another one in ${named} (constraint ${constraint}).`,
      {
        details,
      },
    );
  }
  // The table of a foreign key error is the referencing one: another table (or this one) when a row is still in use.
  if (/^update or delete on table/.test(facts.message)) {
    const from = facts.table ?? 'another table';
    return new ExtensionError(
      'MF409',
      `Rows of "${from}" still refer to this row (constraint ${constraint}).`,
      {
        fix: `Delete or change those rows of "${from}" first.`,
        details: { table: plan.table.name, constraint: facts.constraint, referencedBy: facts.table },
      },
    );
  }
  const target = failed.table?.constraints.get(facts.constraint ?? '')?.references;
  const where = target === undefined || target === null ? 'the table it refers to' : `"${target.table}"`;
  return new ExtensionError(
    'MF409',
    `${named} refers to a row that is not in ${where} (constraint ${constraint}).`,
    {
      fix: `Create the row in ${where} first, or send the id of one that exists.`,
      details: {
        ...details,
        ...(target === undefined || target === null ? {} : { references: target.table }),
      },
    },
  );
}
