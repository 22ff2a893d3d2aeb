import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/**
 * Hooks run for the one operation of a plan. A plan that does more (a batch, rows of other tables in a body) must not
 * pass by the hooks of the rest.
 * @throws MF430 naming the table and the extension that has a hook there
 */
export function checkFurtherHooks({ extensions }: PipelineParts, { context, plan }: Exchange): void {
  if (extensions === undefined || plan?.further === undefined) return;
  for (const { action, table } of plan.further) {
    if (action === undefined) continue;
    for (const when of ['before', 'after'] as const) {
      const [hook] = extensions.hooks(context.project, table.name, action, when) ?? [];
      if (hook === undefined) continue;
      throw new MagFlockError(
        'MF430',
        `"${table.name}" has a hook of ${hook.extension} for ${action}, which cannot run for a part of a request.`,
        {
          fix: `Send what concerns "${table.name}" as a request of its own to /api/${encodeURIComponent(table.name)}.`,
          details: { table: table.name, operation: action, extension: hook.extension },
        },
      );
    }
  }
}
