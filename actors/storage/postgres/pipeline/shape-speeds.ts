const slowMs = 50;
const fastMs = 25;
const weight = 0.3;

/** `new`: nobody knows yet how long it takes. */
export type ShapeSpeed = 'new' | 'fast' | 'slow';

/**
 * How long statement shapes take, by a moving average of the time each had the server for itself. What is new or
 * proved slow is kept off the pipelined connections, where it would hold up everything behind it.
 */
export class ShapeSpeeds {
  readonly #limit: number;
  readonly #speeds = new Map<string, ShapeSpeed>();
  /** Averages of those that were ever not fast; the others cost no arithmetic. */
  readonly #averages = new Map<string, number>();

  /** @param limit shapes remembered; the oldest is forgotten first and is new again */
  constructor(limit = 2000) {
    this.#limit = limit;
  }

  of(shape: string | undefined): ShapeSpeed {
    return shape === undefined ? 'new' : (this.#speeds.get(shape) ?? 'new');
  }

  /** Counts one run of `ms`. @returns what the shape is from now on */
  note(shape: string | undefined, ms: number): ShapeSpeed {
    if (shape === undefined) return 'new';
    const before = this.#speeds.get(shape);
    if (ms < fastMs && before === 'fast' && this.#averages.size === 0) return 'fast';
    const average = this.#average(shape, ms);
    const speed: ShapeSpeed =
      average > slowMs ? 'slow' : average < fastMs || before !== 'slow' ? 'fast' : 'slow';
    if (speed === 'fast' && average < fastMs) this.#averages.delete(shape);
    else this.#averages.set(shape, average);
    if (before === undefined && this.#speeds.size >= this.#limit) this.#forgetOldest();
    if (before !== speed) this.#speeds.set(shape, speed);
    return speed;
  }

  #average(shape: string, ms: number): number {
    const before = this.#averages.get(shape);
    return before === undefined ? ms : before + weight * (ms - before);
  }

  #forgetOldest(): void {
    const [oldest] = this.#speeds.keys();
    this.#speeds.delete(oldest as string);
    this.#averages.delete(oldest as string);
  }
}
