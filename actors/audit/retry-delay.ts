/**
 * Milliseconds to wait after the n-th failure in a row: 250 ms doubled up to 15 s, with up to a quarter of jitter so
 * that many projects do not come back in step.
 */
export function retryDelay(failures: number, random: () => number = Math.random): number {
  const step = Math.min(15_000, 250 * 2 ** Math.min(failures - 1, 10));
  return Math.round(step * (1 + random() / 4));
}
