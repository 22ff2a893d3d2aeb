import type { ActorRef, Protocol } from '../actor/actor-ref.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ListedDeadLetter } from './dead-letter.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { OutboxStore } from './outbox-store.ts';

/** What became of a dead letter that was sent again. */
export interface Replayed {
  readonly id: string;
  /** `sent`: a tell, on its way; `answered`: an ask that succeeded; `delivering`: an event that is due again. */
  readonly outcome: 'sent' | 'answered' | 'delivering';
}

export interface DeadLetterOfficeOptions {
  readonly letters: DeadLetters;
  /** Where events of durable subscribers are; undefined without a database. */
  outbox(): OutboxStore | undefined;
  ref(path: string): ActorRef<Protocol>;
  /** Durable subscribers of this event have something to do. */
  wake(event: string): void;
}

/** Ids of events in the outbox, so that they differ from those of letters in memory. */
const eventId = /^e-(?<id>.+)$/;
const askMs = 30_000;

/** Dead letters in the hands of people: those in memory and the undelivered events of the outbox. */
export class DeadLetterOffice {
  readonly #options: DeadLetterOfficeOptions;

  constructor(options: DeadLetterOfficeOptions) {
    this.#options = options;
  }

  /** The newest, oldest first. Undelivered events come before messages. */
  async list(limit: number): Promise<readonly ListedDeadLetter[]> {
    const events = (await this.#options.outbox()?.undelivered({ limit })) ?? [];
    const undelivered = events.toReversed().map(({ id, at, subscriber, name, attempts, error }) => ({
      id: `e-${id}`,
      at,
      to: subscriber,
      from: 'outbox',
      method: name,
      reason: 'undelivered' as const,
      detail: `${attempts} attempts, the last: ${error}`,
      replayable: true,
    }));
    return [...undelivered, ...this.#options.letters.all()].slice(-limit);
  }

  /**
   * Sends a letter to its target again, a tell as a tell and an ask as an ask; its answer is for nobody.
   * @throws MF634 when there is none of this id, or it cannot be sent again; what the target answers an ask with
   */
  async replay(id: string): Promise<Replayed> {
    const event = eventId.exec(id)?.groups?.['id'];
    if (event !== undefined) return this.#deliverAgain(id, event);
    const { letters, ref } = this.#options;
    const found = letters.get(id);
    if (found === undefined) throw cannot(id, 'there is no dead letter of this id');
    const { listed, content } = found;
    if (listed.to === 'bus' || listed.from === 'bus') {
      throw cannot(id, 'it is an event, and others had it: announce it again instead');
    }
    if (content === undefined) {
      throw cannot(
        id,
        'its payload was not kept: it is secret, too large, or cannot be copied between threads',
      );
    }
    const target = ref(`/${listed.to}`);
    const method = listed.method as never;
    const payload = content.payload as never;
    letters.remove(id);
    if (!content.asked) {
      target.tell(method, payload);
      return { id, outcome: 'sent' };
    }
    await target.ask(method, payload, {
      timeoutMs: askMs,
      ...(content.id === undefined ? {} : { id: content.id }),
    });
    return { id, outcome: 'answered' };
  }

  /** Forgets all of them, those of the outbox too. */
  async clear(): Promise<{ readonly removed: number }> {
    const events = (await this.#options.outbox()?.discard(null))?.removed ?? 0;
    return { removed: events + this.#options.letters.clear() };
  }

  async #deliverAgain(id: string, event: string): Promise<Replayed> {
    const outbox = this.#options.outbox();
    const name = (await outbox?.undelivered({ limit: 10_000 }))?.find((each) => each.id === event)?.name;
    const { subscribers } = (await outbox?.replay({ id: event })) ?? { subscribers: 0 };
    if (subscribers === 0) throw cannot(id, 'there is no undelivered event of this id');
    if (name !== undefined) this.#options.wake(name);
    return { id, outcome: 'delivering' };
  }
}

function cannot(id: string, why: string): MagFlockError {
  return new MagFlockError('MF634', `dead letter ${id} cannot be sent again: ${why}`, {
    details: { id },
    fix: 'magflock dead-letters list    shows which can',
  });
}
