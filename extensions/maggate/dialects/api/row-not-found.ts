import { ExtensionError } from '../../../sdk/index.ts';
import type { ApiPlan } from './api-plan.ts';

/** The error for an id that finds nothing: the row is not there, or not for this caller. */
export function rowNotFound(plan: ApiPlan): ExtensionError {
  const parts = plan.sources.flatMap((source, index) =>
    source === 'id' ? [`${plan.parameterColumns[index]} ${plan.parameters[index]}`] : [],
  );
  return new ExtensionError('MF404', `No row of "${plan.table.name}" with ${parts.join(', ')}.`, {
    fix: 'Check the id. Row security may hide rows from this key.',
    details: { table: plan.table.name },
  });
}
