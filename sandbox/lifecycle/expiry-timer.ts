/** Longest delay a timer takes, milliseconds. */
const longest = 2 ** 31 - 1;

export interface ExpiryTimer {
  /** @param at milliseconds since the epoch; undefined for never */
  set(at: number | undefined): void;
  stop(): void;
}

/** One timer for the next grant that ends, however far away; it does not keep the process alive. */
export function expiryTimer(now: () => number, due: () => void): ExpiryTimer {
  let timer: NodeJS.Timeout | undefined;
  const set = (at: number | undefined): void => {
    clearTimeout(timer);
    timer = undefined;
    if (at === undefined) return;
    const wait = Math.max(1, at - now());
    // A timer reaches 25 days; further ends are waited for in legs.
    timer = wait > longest ? setTimeout(() => set(at), longest) : setTimeout(due, wait);
    timer.unref();
  };
  return { set, stop: () => set(undefined) };
}
