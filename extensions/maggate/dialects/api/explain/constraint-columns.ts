import type { FailedPlan } from './failed-plan.ts';

/** The columns of the constraint that failed, from the schema; a unique index that is none has only its detail. */
export function constraintColumns({ table, facts }: FailedPlan): readonly string[] {
  const known = facts.constraint === undefined ? undefined : table?.constraints.get(facts.constraint);
  if (known !== undefined) return known.columns;
  // `Key (lower(email))=(a@b) already exists.`: only the part that names columns, never the values.
  const key = /^Key \((.*?)\)=\(/.exec(facts.detail ?? '')?.[1];
  return key === undefined ? [] : key.split(', ').map((name) => name.replaceAll('"', ''));
}
