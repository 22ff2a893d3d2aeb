import { randomUUID } from 'node:crypto';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { OutboxEvent, OutboxStore } from './outbox-store.ts';

export interface DurableEventsOptions {
  readonly store: OutboxStore;
  readonly log: Pick<Logger, 'warn'>;
  deadLetter(letter: DeadLetter): void;
  /** Only the number matters. */
  missed(reason: 'outbox-full' | 'subscriber-behind', count: number): void;
  /** The outbox has new events of these names. */
  filled(names: ReadonlySet<string>): void;
}

/** Events, and bytes, that may wait for the database; and events of one statement. */
const mostEvents = 10_000;
const mostBytes = 16 * 1024 * 1024;
const batchEvents = 500;
const retryMs = { first: 100, most: 10_000 };
const sweepMs = 60_000;
/** An event is recognised for an hour when it is put again; a subscriber that stays away keeps so many. */
const sweep = { keepMs: 3_600_000, mostPerSubscriber: 100_000 };

/**
 * The way of events into the outbox, in the main thread: those that have a durable subscriber anywhere wait here
 * until the database has them. While it is away they wait, within bounds.
 */
export class DurableEvents {
  readonly #options: DurableEventsOptions;
  /** Names with a durable subscriber; undefined until the store has told, and then everything is kept. */
  #names: Set<string> | undefined;
  readonly #early = new Set<string>();
  #waiting: OutboxEvent[] = [];
  #bytes = 0;
  #full = false;
  #writing: Promise<void> | undefined;
  #closed = false;
  readonly #timers = new Set<NodeJS.Timeout>();
  #wake: (() => void) | undefined;

  constructor(options: DurableEventsOptions) {
    this.#options = options;
  }

  /** Learns which events have durable subscribers, as soon as the database answers. */
  start(): void {
    void this.#learn();
    const sweeping = setInterval(() => void this.#sweep(), sweepMs);
    sweeping.unref();
    this.#timers.add(sweeping);
  }

  /** Events of this name have a durable subscriber. */
  want(name: string): void {
    (this.#names ?? this.#early).add(name);
  }

  wants(name: string): boolean {
    return this.#names === undefined || this.#names.has(name);
  }

  /** Takes an event in; never throws. */
  add(name: string, payload: unknown): void {
    const text = JSON.stringify(payload);
    if (this.#closed || this.#waiting.length >= mostEvents || this.#bytes + text.length * 2 > mostBytes) {
      this.#lose(name, 'too many events wait for the database');
      return;
    }
    this.#full = false;
    this.#bytes += text.length * 2;
    this.#waiting.push({ id: randomUUID(), name, payload: text, at: new Date().toISOString() });
    if (this.#names !== undefined) this.#writing ??= this.#write();
  }

  /** Events that wait for the database. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Writes what waits, as far as that goes within the time. What is left is lost, and counted. */
  async close(budgetMs: number): Promise<void> {
    const late = setTimeout(() => this.#end(), budgetMs);
    this.#timers.add(late);
    await this.#writing;
    this.#end();
    if (this.#waiting.length > 0) this.#options.missed('outbox-full', this.#waiting.splice(0).length);
  }

  #end(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#wake?.();
  }

  async #learn(): Promise<void> {
    for (let delay = retryMs.first; !this.#closed; delay = Math.min(retryMs.most, delay * 2)) {
      try {
        const names = await this.#options.store.names(null);
        this.#names = new Set([...names, ...this.#early]);
        this.#waiting = this.#waiting.filter(({ name }) => this.wants(name));
        this.#bytes = this.#waiting.reduce((sum, { payload }) => sum + payload.length * 2, 0);
        if (this.#waiting.length > 0) this.#writing ??= this.#write();
        return;
      } catch {
        await this.#pause(delay);
      }
    }
  }

  async #write(): Promise<void> {
    // Events of this tick share the first statement.
    await new Promise((resolve) => setImmediate(resolve));
    let delay = retryMs.first;
    while (this.#waiting.length > 0 && !this.#closed) {
      const events = this.#waiting.slice(0, batchEvents);
      try {
        await this.#options.store.put({ events });
      } catch (error) {
        const known = MagFlockError.from(error);
        this.#options.log.warn({ err: known, waiting: this.#waiting.length }, 'the outbox takes no events');
        if (known.retryable || known.code === 'MF506') {
          await this.#pause(delay);
          delay = Math.min(retryMs.most, delay * 2);
          continue;
        }
        for (const { name } of events) this.#lose(name, `${known.code}: ${known.message}`);
        this.#done(events);
        continue;
      }
      delay = retryMs.first;
      this.#done(events);
      this.#options.filled(new Set(events.map(({ name }) => name)));
    }
    this.#writing = undefined;
  }

  #done(events: readonly OutboxEvent[]): void {
    this.#waiting.splice(0, events.length);
    for (const { payload } of events) this.#bytes -= payload.length * 2;
  }

  /** The first of many is a letter, the others are counted. */
  #lose(method: string, detail: string): void {
    if (this.#full) {
      this.#options.missed('outbox-full', 1);
      return;
    }
    this.#full = true;
    const at = new Date().toISOString();
    this.#options.deadLetter({ at, to: 'outbox', from: 'bus', method, reason: 'outbox-full', detail });
  }

  async #sweep(): Promise<void> {
    try {
      const { dropped } = await this.#options.store.sweep(sweep);
      if (dropped > 0) this.#options.missed('subscriber-behind', dropped);
    } catch {
      // The next one finds the same.
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
