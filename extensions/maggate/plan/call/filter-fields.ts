import type { PlannedLogic, ReadNode } from '../read-plan.ts';

/** Columns of a function's rows that are filtered or ordered by at the top: the call has to return them, too. */
export function filterFields(read: ReadNode): readonly string[] {
  const names = new Set<string>();
  for (const logic of read.where) collect(logic, names);
  for (const { relation, field } of read.order) if (relation === undefined) names.add(field.name);
  return [...names].sort();
}

function collect(logic: PlannedLogic, names: Set<string>): void {
  if (logic.kind === 'filter') names.add(logic.field.name);
  else if (logic.kind === 'logic') for (const child of logic.children) collect(child, names);
}
