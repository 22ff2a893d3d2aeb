/** So many failures in a row, and nobody is asked for a while. */
const mostInRow = 5;
const openMs = 1_000;

/**
 * Keeps requests from waiting, each its whole time, for workers that do not answer. After the pause one failure is
 * enough for the next.
 */
export class Circuit {
  private inRow = 0;
  private openUntil = 0;

  /** @param now milliseconds of a monotonic clock */
  isOpen(now: number): boolean {
    return now < this.openUntil;
  }

  failed(now: number): void {
    this.inRow = Math.min(this.inRow + 1, mostInRow);
    if (this.inRow === mostInRow) this.openUntil = now + openMs;
  }

  succeeded(): void {
    this.inRow = 0;
  }
}
