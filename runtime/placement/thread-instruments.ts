import { threadMark } from '../actor/thread-mark.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type BlockedThread, Watchdog } from '../telemetry/watchdog.ts';
import { WatchdogPulse } from '../telemetry/watchdog-pulse.ts';
import type { ActorHost } from './actor-host.ts';
import { describeBlocked } from './describe-blocked.ts';

export interface ThreadInstruments {
  readonly host: ActorHost;
  readonly blockedMs: number;
  /** The mark of the main thread: nobody but its workers can say when that is blocked. */
  readonly mainMark: SharedArrayBuffer;
  readonly log: Logger;
}

/** The pulse of a worker thread: its meters, and its eye on the main thread. Ends with the thread. */
export function startThreadInstruments({ host, blockedMs, mainMark, log }: ThreadInstruments): void {
  const everyMs = WatchdogPulse.everyMs(blockedMs);
  const tell = (blocked: BlockedThread, over: boolean): void => {
    if (over) log.warn({ blocked }, describeBlocked(blocked, over));
    else log.error({ blocked }, describeBlocked(blocked, over));
    // Arrives when the main thread goes on; the line above is written now.
    host.announceBlocked(blocked, over);
  };
  const watchdog = new Watchdog({
    blockedMs,
    stuckMs: 0,
    everyMs,
    shared: true,
    onBlocked: (blocked) => tell(blocked, false),
    onOver: (blocked) => tell(blocked, true),
  });
  if (blockedMs > 0) watchdog.watch('main', mainMark);
  const pulse = new WatchdogPulse({
    everyMs,
    onBeat() {
      threadMark.mark.beat();
      watchdog.look();
    },
    onSecond: () => host.tick(),
  });
  pulse.start();
}
