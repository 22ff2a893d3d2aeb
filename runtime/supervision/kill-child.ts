import type { ChildRecord } from './child-record.ts';
import type { SupervisorClock } from './supervisor-clock.ts';

/** Milliseconds a killed child gets to be gone; then it is left behind. */
const goneMs = 2_000;

/** Ends a child without asking it. Never rejects, and waits for nobody for ever. */
export async function killChild(child: ChildRecord, clock: SupervisorClock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(goneMs, late.resolve);
  await Promise.race([child.life.kill().catch(() => {}), late.promise]);
  cancel();
}
