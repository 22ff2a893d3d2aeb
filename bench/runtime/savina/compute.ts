/** Savina's small computation of a fork-join worker. */
export function compute(theta: number): void {
  const sine = Math.sin(theta);
  if (sine * sine <= 0) throw new Error('a square is never negative');
}
