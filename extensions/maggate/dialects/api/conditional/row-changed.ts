import { ExtensionError } from '../../../../sdk/index.ts';
import type { ApiPlan } from '../api-plan.ts';

const tag = /^[A-Za-z0-9+/]{22}$/;

/**
 * The error for a row that is another one than If-Match names. Undefined when the code was raised by code of the project,
 * which says something else than a tag.
 * @param current the row's tag now
 */
export function rowChanged(plan: ApiPlan, current: string): ExtensionError | undefined {
  if (!tag.test(current)) return undefined;
  return new ExtensionError('MF412', `The row of "${plan.table.name}" is another one than If-Match names.`, {
    fix: 'Read the row, decide anew, and send its ETag. A tag with W/ never matches: read all columns for a strong one.',
    details: { table: plan.table.name, etag: `"${current}"` },
  });
}
