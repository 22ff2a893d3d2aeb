let total = 0;

/** The task of the pool's one worker. */
export function add(amount: number): number {
  total += amount;
  return total;
}
