import type { LimitName, LimitPolicy } from './limits.ts';
import { slidingWindow } from './sliding-window.ts';

/** What becomes of an extension that goes over one limit again and again. */
export interface LimitLadder {
  /**
   * It went over the limit.
   * @param now milliseconds
   * @returns what is to happen; undefined when it was told less than a second ago
   */
  strike(now: number): LimitPolicy | undefined;
}

const tellEveryMs = 1_000;
const minuteMs = 60_000;
const tenMinutesMs = 600_000;
/** Seconds of a minute over the limit before it is restarted. */
const strikesToRestart = 10;
/** Restarts in ten minutes before it is quarantined. */
const restartsToQuarantine = 3;

/** Limits whose excess has ended the isolate already: each is a restart of its own. */
const ending: readonly LimitName[] = ['memoryMegabytes', 'cpuMsPerCall'];

/**
 * Throttle → restart → quarantine. A restart takes ten strikes within a minute, told at most once a second, and
 * begins the count anew; the third restart within ten minutes is a quarantine. Both windows slide: who stays
 * within the limit long enough comes down again by itself.
 * @param highest the last step this limit may reach
 */
export function limitLadder(limit: LimitName, highest: LimitPolicy): LimitLadder {
  const needed = ending.includes(limit) ? 1 : strikesToRestart;
  let strikes = slidingWindow(minuteMs, 60);
  const restarts = slidingWindow(tenMinutesMs, 60);
  let told = Number.NEGATIVE_INFINITY;
  return {
    strike(now) {
      if (now - told < tellEveryMs) return undefined;
      told = now;
      strikes.add(now, 1);
      if (highest === 'throttle' || strikes.sum(now) < needed) return 'throttle';
      strikes = slidingWindow(minuteMs, 60);
      restarts.add(now, 1);
      if (highest === 'restart' || restarts.sum(now) < restartsToQuarantine) return 'restart';
      return 'quarantine';
    },
  };
}
