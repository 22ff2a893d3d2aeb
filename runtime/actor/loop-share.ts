/** Pieces of work after which the event loop has its turn, and milliseconds of work. */
const most = 4_096;
const mostMs = 8;
/** Pieces of work between two looks at the clock, which costs as much as a small message. */
const lookEvery = 64;

/**
 * How much may be done before the event loop has its turn: timers, sockets, ports. Neither promises nor ports of
 * Node give it one while there is more to do.
 */
export class LoopShare {
  readonly #goOn: () => void;
  #done = 0;
  #lookAt = lookEvery;
  /** Milliseconds of work since the last turn of the event loop, without what goes on now. */
  #worked = 0;
  #began = 0;
  #usedUp = false;

  /** @param goOn called after `again`, when the event loop had its turn */
  constructor(goOn: () => void) {
    this.#goOn = goOn;
  }

  get usedUp(): boolean {
    return this.#usedUp;
  }

  begin(): void {
    this.#began = performance.now();
  }

  use(pieces: number): void {
    this.#done += pieces;
    if (this.#done < this.#lookAt) return;
    this.#lookAt = this.#done + lookEvery;
    this.#usedUp = this.#done >= most || this.#worked + performance.now() - this.#began > mostMs;
  }

  end(): void {
    this.#worked += performance.now() - this.#began;
  }

  again(): void {
    setImmediate(this.#afterTurn);
  }

  readonly #afterTurn = (): void => {
    this.#done = 0;
    this.#lookAt = lookEvery;
    this.#worked = 0;
    this.#usedUp = false;
    this.#goOn();
  };
}
