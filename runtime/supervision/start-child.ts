import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildRecord } from './child-record.ts';
import { killChild } from './kill-child.ts';
import type { SupervisorClock } from './supervisor-clock.ts';

/**
 * One start of a child within its budget. Rejects with what the child says, MF602 when it is late (it is killed
 * then), or the reason with which the start is given up. The caller ends the time in which it can be given up: a
 * stop must not find a child that is neither starting nor ready.
 */
export async function startChild(child: ChildRecord, clock: SupervisorClock, again: boolean): Promise<void> {
  const { id, startMs } = child.policy;
  const givenUp = Promise.withResolvers<never>();
  child.giveUp = givenUp.reject;
  child.endedEarly = undefined;
  let late = false;
  let cancel = () => {};
  if (startMs !== undefined) {
    cancel = clock.after(startMs, () => {
      late = true;
      givenUp.reject(new MagFlockError('MF602', `${id} did not start within ${startMs} ms`));
    });
  }
  const start = child.life.start(child.incarnation, again);
  // Whoever gives a start up does not wait for it.
  start.catch(() => {});
  try {
    await Promise.race([start, givenUp.promise]);
  } catch (error) {
    child.endedEarly = undefined;
    if (late) await killChild(child, clock);
    throw error;
  } finally {
    cancel();
  }
}
