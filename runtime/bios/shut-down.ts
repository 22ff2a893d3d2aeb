import { performance } from 'node:perf_hooks';
import type { Logger } from '../telemetry/logger.ts';
import type { BootScreen } from './boot-event.ts';

export interface ShutDownOptions {
  readonly screen: BootScreen;
  readonly log: Logger;
  /** Milliseconds requests in flight get. */
  readonly drainMs: number;
  /** Milliseconds the parts get after the drain; then what is stuck is named and killed. */
  readonly stopMs: number;
  /** Tells everybody that the machine, which was up, stops. */
  announce(reason: string): void;
  /** Lets the CPU threads finish what is in flight. */
  drain(timeoutMs: number): Promise<void>;
  /** Stops the parts in reverse order, storage last. @returns those that had to be killed */
  stopParts(reason: string): Promise<readonly string[]>;
  /** Parts that have not stopped yet. */
  unfinished(): Promise<readonly string[]>;
  /** Ends the parts' threads, then what would outlive this process (the postmaster), without asking anybody. */
  kill(): Promise<void>;
  /** Frees the lock and removes the facts of this daemon. */
  release(): void;
}

export interface ShutDown {
  readonly begun: boolean;
  /** Begins; asked again it does nothing. */
  begin(reason: string, exitCode?: number): void;
  /** The machine is up: from now on a stop drains, and is shown. */
  ready(): void;
  /** Stops waiting for anybody: outside processes are killed, the lock is freed, exit code 130. */
  force(): void;
  /** Settles with the exit code when everything is down. */
  readonly done: Promise<number>;
}

/** The way down: drain, parts in reverse order, lock. A part that does not stop cannot hold the machine up. */
export function createShutDown(options: ShutDownOptions): ShutDown {
  const { screen, log, drainMs, stopMs } = options;
  const { promise: done, resolve } = Promise.withResolvers<number>();
  let begun = false;
  let up = false;
  let ended = false;
  /** From here on nobody is waited for, and what the orderly stop still finds out does not count. */
  let killing = false;
  let startedAt = 0;

  async function orderly(reason: string, exitCode: number): Promise<void> {
    if (up) await withCountdown(screen, drainMs, options.drain(drainMs));
    if (killing) return;
    const killed = await options.stopParts(reason);
    if (!killing) end(exitCode, killed);
  }

  function end(exitCode: number, forced: readonly string[]): void {
    if (ended) return;
    ended = true;
    try {
      options.release();
    } catch (thrown) {
      // The kernel frees the lock anyway; whoever waits for the end must not wait for ever.
      log.error({ err: thrown }, 'the data folder was not left tidy');
    }
    screen.show({ event: 'stopped', tookMs: Math.round(performance.now() - startedAt), forced });
    log.info({ exitCode, forced }, 'stopped');
    resolve(exitCode);
  }

  async function kill(exitCode: number, why: string): Promise<void> {
    if (killing) return;
    killing = true;
    const stuck = await options.unfinished().catch(() => []);
    log.error({ stuck }, why);
    await options.kill();
    end(exitCode, stuck);
  }

  return {
    done,
    get begun() {
      return begun;
    },
    ready() {
      up = true;
    },
    begin(reason, exitCode = 0) {
      if (begun) return;
      begun = true;
      startedAt = performance.now();
      log.info({ reason }, 'stopping');
      screen.show({ event: 'stopping', reason, drainMs: up ? drainMs : 0 });
      if (up) options.announce(reason);
      const watchdog = setTimeout(() => void kill(1, 'parts did not stop in time'), drainMs + stopMs);
      orderly(reason, exitCode)
        .catch((thrown) => {
          log.error({ err: thrown }, 'the orderly stop failed');
          return kill(1, 'the orderly stop failed');
        })
        .finally(() => clearTimeout(watchdog));
    },
    force() {
      if (begun && !ended) void kill(130, 'forced by a second signal');
    },
  };
}

/** Shows how long the drain still may take, a line a second. */
async function withCountdown(screen: BootScreen, drainMs: number, drained: Promise<void>): Promise<void> {
  const until = performance.now() + drainMs;
  const timer = setInterval(() => {
    // A timer may fire a little early; that is no second more.
    const secondsLeft = Math.max(0, Math.round((until - performance.now()) / 1000));
    screen.show({ event: 'draining', secondsLeft });
  }, 1000);
  try {
    await drained;
  } finally {
    clearInterval(timer);
  }
}
