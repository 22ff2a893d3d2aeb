import { MagFlockError } from '../errors/magflock-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { DeadLetter, DeadLetterContent } from './dead-letter.ts';
import type { PostedLetters } from './dead-letter-post.ts';
import { DeadLetters } from './dead-letters.ts';
import { DurableEvents } from './durable-events.ts';
import { EventHub } from './event-hub.ts';
import type { EventPort } from './event-port.ts';
import type { OutboxStore } from './outbox-store.ts';
import { ThreadEvents } from './thread-events.ts';

/** The buses in the main thread, where their middle is. */
export interface MainBus {
  readonly hub: EventHub;
  readonly events: ThreadEvents;
  /** The port of the machine itself. */
  readonly kernel: EventPort;
  readonly deadLetters: DeadLetters;
  deadLetter(letter: DeadLetter, content?: DeadLetterContent): void;
  /** Dead letters of another thread. */
  received(letters: PostedLetters): void;
  /** From now on events with durable subscribers go to the outbox. */
  keep(store: OutboxStore): void;
  /** Writes what waits for the outbox, as far as that goes in the time. */
  close(budgetMs: number): Promise<void>;
}

export function createMainBus(log: Logger): MainBus {
  const deadLetters = new DeadLetters();
  const deadLetter = (letter: DeadLetter, content?: DeadLetterContent) => deadLetters.add(letter, content);
  const busLetter = (to: string, method: string, reason: DeadLetter['reason'], detail: string) =>
    deadLetter({ at: new Date().toISOString(), to, from: 'bus', method, reason, detail });
  const hub = new EventHub((thread, name, first) => {
    if (first) busLetter(thread, name, 'subscriber-behind', `thread ${thread} takes no events`);
    else deadLetters.count('subscriber-behind', 1);
  });
  const events = new ThreadEvents({
    emit: (batch) => hub.emit(batch),
    interested: (name, interested) => hub.interest('main', name, interested),
    lost: (name, reason, error) => busLetter('bus', name, reason, MagFlockError.from(error).message),
    missed: (reason) => deadLetters.count(reason, 1),
  });
  hub.addThread('main', (batch) => events.deliver(batch));
  const { port: kernel } = events.port({
    path: '/',
    failed: (error) => log.error({ err: error }, 'event handler failed'),
  });
  return {
    hub,
    events,
    kernel,
    deadLetters,
    deadLetter,
    received(letters) {
      if (letters.kind === 'dead-letter') deadLetters.add(letters.letter, letters.content);
      else for (const [reason, count] of letters.counts) deadLetters.count(reason, count);
    },
    keep(store) {
      hub.durable = new DurableEvents({
        store,
        log,
        deadLetter,
        missed: (reason, count) => deadLetters.count(reason, count),
        filled: (names) => hub.filled(names),
      });
      hub.durable.start();
    },
    async close(budgetMs) {
      const { durable } = hub;
      await durable?.close(budgetMs);
    },
  };
}
