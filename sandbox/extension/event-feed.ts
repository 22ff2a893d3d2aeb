import { type EventName, eventCatalog } from '../../runtime/bus/event-catalog.ts';
import type { EventPort } from '../../runtime/bus/event-port.ts';
import { eventsOn, type WakingEvent } from '../broker/capabilities/events-on.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';

/** Events that wait for one extension; what comes then is dropped. */
const queueLimit = 100;

export interface EventFeedOptions {
  readonly events: Pick<EventPort, 'on'>;
  /** As it is installed now, with its grants. */
  readonly installed: () => InstalledExtension;
  /** What it was granted of `events.on` at this moment. */
  readonly scopes: () => readonly string[];
  /** Calls the extension; settles when it has been told. */
  readonly deliver: (name: string, payload: unknown, project: string | null) => Promise<void>;
  readonly dropped: (name: string) => void;
}

/** Events of the machine on their way to one extension: one after the other, in a bounded queue. */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #queue: WakingEvent[] = [];
  #subscriptions: (() => void)[] = [];
  #delivering = false;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Subscribes to what its manifest names; whether it may have an event is asked when that comes. */
  start(): void {
    this.stop();
    const { events, installed } = this.#options;
    const names = new Set(installed().manifest.events ?? []);
    for (const name of names) {
      if (!Object.hasOwn(eventCatalog, name)) continue;
      this.#subscriptions.push(events.on(name as EventName, (payload) => this.#take(name, payload)));
    }
  }

  stop(): void {
    for (const end of this.#subscriptions.splice(0)) end();
    this.#queue.length = 0;
  }

  #take(name: string, payload: object): void {
    const { installed, scopes, dropped } = this.#options;
    const { id, projects } = installed();
    // About itself it hears nothing: that could go on for ever.
    const event = eventsOn({ id, scopes: scopes(), projects }, name, payload);
    if (event === undefined) return;
    if (this.#queue.length >= queueLimit) {
      dropped(name);
      return;
    }
    this.#queue.push(event);
    if (!this.#delivering) void this.#deliver();
  }

  async #deliver(): Promise<void> {
    this.#delivering = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await this.#options.deliver(next.name, next.payload, next.project);
    }
    this.#delivering = false;
  }
}
