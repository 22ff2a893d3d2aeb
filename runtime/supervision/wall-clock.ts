import type { SupervisorClock } from './supervisor-clock.ts';

/** Time of the process. */
export const wallClock: SupervisorClock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
