/** Tells the sealer that a project's outbox has rows: at most once per project and interval. */
export class WakeCoalescer {
  readonly #send: (project: string) => void;
  readonly #milliseconds: number;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (project: string) => void, milliseconds: number) {
    this.#send = send;
    this.#milliseconds = milliseconds;
  }

  wake(project: string): void {
    this.#waiting.add(project);
    this.#timer ??= setTimeout(() => this.flush(), this.#milliseconds);
  }

  /** Sends what waits now; the end of a drain. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const projects = [...this.#waiting];
    this.#waiting.clear();
    for (const project of projects) this.#send(project);
  }
}
