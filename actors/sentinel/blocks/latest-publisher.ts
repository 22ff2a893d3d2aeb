/**
 * Publishes the latest state: one publication at a time, and those asked for while it runs become one. Whoever asked
 * is answered when a publication that began after the question has been acknowledged.
 */
export class LatestPublisher {
  readonly #publish: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(publish: () => Promise<void>) {
    this.#publish = publish;
  }

  publish(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#run();
    this.#next = this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#run();
      });
    return this.#next;
  }

  #run(): Promise<void> {
    const running = this.#publish().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
