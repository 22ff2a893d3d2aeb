import type { Health } from './health.ts';

/** One health of many: as bad as the worst that is required; an optional part that failed only degrades. */
export function aggregateHealth(
  parts: readonly { readonly name: string; readonly required: boolean; readonly health: Health }[],
): Health {
  const failed = parts.filter(({ required, health }) => required && health.status === 'failed');
  const degraded = parts.filter(({ health }) => health.status !== 'ok');
  const named = (list: readonly { readonly name: string; readonly health: Health }[]) =>
    list.map(({ name, health }) => `${name}: ${health.summary}`).join('; ');
  if (failed.length > 0) return { status: 'failed', summary: named(failed), ...fixOf(failed) };
  if (degraded.length > 0) return { status: 'degraded', summary: named(degraded), ...fixOf(degraded) };
  return { status: 'ok', summary: `${parts.length} parts answer` };
}

function fixOf(parts: readonly { readonly health: Health }[]): { readonly fix?: string } {
  const fix = parts.find(({ health }) => health.fix !== undefined)?.health.fix;
  return fix === undefined ? {} : { fix };
}
