import type { Settings } from '../../config/settings.ts';
import { threadMark } from '../actor/thread-mark.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import { describeBlocked } from '../placement/describe-blocked.ts';
import { Counter } from '../telemetry/counter.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type BlockedThread, Watchdog } from '../telemetry/watchdog.ts';
import { WatchdogPulse } from '../telemetry/watchdog-pulse.ts';

export interface InstrumentsOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly host: ActorHost;
  /** Ends a thread that is stuck. */
  endStuck(thread: string, detail: string): void;
}

/** The pulse of the main thread: its meters, and its eye on all other threads. */
export interface Instruments {
  /** A thread says what it does here; undefined when it has ended. */
  mark(thread: string, buffer: SharedArrayBuffer | undefined): void;
  blocked(): readonly BlockedThread[];
  start(): void;
  stop(): void;
}

export function createInstruments(options: InstrumentsOptions): Instruments {
  const { settings, log, metrics, host } = options;
  const blockedMs = settings['watchdog.blockedMs'];
  const everyMs = WatchdogPulse.everyMs(blockedMs);
  const counter = new Counter({
    name: 'magflock_actor_blocked_total',
    help: 'Times a thread was held up for longer than watchdog.blockedMs, by the part that did it or ran last.',
    labelNames: ['part', 'thread'],
    registers: [metrics],
  });
  const watchdog = new Watchdog({
    blockedMs,
    stuckMs: settings['watchdog.killMs'],
    everyMs,
    onBlocked(blocked) {
      log.error({ blocked }, describeBlocked(blocked, false));
      host.announceBlocked(blocked, false);
    },
    onStuck(blocked) {
      const detail = describeBlocked(blocked, false);
      log.fatal({ blocked }, `${detail}; the thread is ended`);
      options.endStuck(blocked.thread, detail);
    },
    onOver(blocked) {
      log.warn({ blocked }, describeBlocked(blocked, true));
      host.announceBlocked(blocked, true);
      count(blocked);
    },
  });

  function count({ actor, thread }: BlockedThread): void {
    counter.inc({ part: actor.split('/')[1] ?? '', thread });
  }

  const pulse = new WatchdogPulse({
    everyMs,
    onBeat() {
      threadMark.mark.beat();
      watchdog.look();
    },
    onSecond: () => host.tick(),
  });

  return {
    mark(thread, buffer) {
      const blocked = watchdog.blocked().find((each) => each.thread === thread);
      watchdog.forget(thread);
      // One that was killed does not go on.
      if (blocked !== undefined && buffer === undefined) count(blocked);
      if (buffer !== undefined && blockedMs > 0) watchdog.watch(thread, buffer);
    },
    blocked: () => watchdog.blocked(),
    start: () => pulse.start(),
    stop: () => pulse.stop(),
  };
}
