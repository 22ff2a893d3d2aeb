import type { ChildRecord } from './child-record.ts';
import { killChild } from './kill-child.ts';
import type { SupervisorClock } from './supervisor-clock.ts';

/**
 * Stops a child within its budget, else kills it. Never rejects: a stop that fails is a child that must be killed.
 * @param again it will be started anew
 */
export async function stopChild(
  child: ChildRecord,
  clock: SupervisorClock,
  again: boolean,
): Promise<'stopped' | 'killed'> {
  const { stopMs } = child.policy;
  if (stopMs === 0) {
    await killChild(child, clock);
    return 'killed';
  }
  const late = Promise.withResolvers<'late'>();
  const cancel = stopMs === undefined ? () => {} : clock.after(stopMs, () => late.resolve('late'));
  const stop = child.life.stop(again).catch(() => 'late' as const);
  const outcome = await Promise.race([stop, late.promise]);
  cancel();
  if (outcome !== 'late') return outcome;
  await killChild(child, clock);
  return 'killed';
}
