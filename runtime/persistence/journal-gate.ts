import { AsyncLocalStorage } from 'node:async_hooks';
import type { AnyActor } from '../actor/any-actor.ts';
import type { Message } from '../actor/message.ts';
import type { OutputGate } from '../actor/output-gate.ts';
import type { JournalEntry, JournalOwner, JournalStore } from '../bus/journal-store.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { encoding } from './encoding.ts';
import type { JournalOptions } from './journal-options.ts';
import type { KeptSnapshot } from './kept-snapshot.ts';
import type { KnownIds } from './known-ids.ts';

export interface JournalGateOptions {
  readonly owner: JournalOwner;
  readonly store: JournalStore;
  /** Says which messages are kept and how the state is copied. */
  readonly definition: AnyActor;
  /** The last entry there is. */
  readonly lastSeq: number;
  /** Entries since the last snapshot. */
  readonly sinceSnapshot: number;
  readonly known: KnownIds;
  /** The state of the actor as it is now. */
  state(): unknown;
  /** A tell that was not kept: nobody else would know. */
  lost(message: Message, error: MagFlockError): void;
  /** The state is ahead of the journal: the incarnation must end. */
  broken(error: MagFlockError): void;
  /** A snapshot could not be saved; the journal holds everything all the same. */
  snapshotFailed(error: unknown): void;
}

/** What waits for the journal, in the order in which it ran. */
interface Waiting {
  readonly entry: JournalEntry | undefined;
  readonly settle: (error?: MagFlockError) => void;
}

/** Entries of one append. */
const batchEntries = 5_000;
const detached = AsyncLocalStorage.snapshot();

/**
 * The output gate of a journalled actor. Messages run one after the other without waiting; what they have done is
 * appended in batches, the next one while the last is under way, and each answer leaves when everything that ran
 * before it is durable: that of a method that only reads, too, since it may have read what would be lost.
 */
export class JournalGate implements OutputGate {
  readonly #options: JournalGateOptions;
  #journal: JournalOptions<unknown, unknown>;
  #methods: ReadonlySet<string>;
  #owner: JournalOwner;
  #seq: number;
  #sinceSnapshot: number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #snapshot: { readonly seq: number; readonly state: Uint8Array } | undefined;
  #saving: Promise<void> | undefined;
  #error: MagFlockError | undefined;
  /** Payload of the message that runs, encoded before the method could change it. */
  #payload: Uint8Array | undefined;

  constructor(options: JournalGateOptions) {
    this.#options = options;
    this.#journal = options.definition.journal as JournalOptions<unknown, unknown>;
    this.#methods = new Set(this.#journal.methods);
    this.#owner = options.owner;
    this.#seq = options.lastSeq;
    this.#sinceSnapshot = options.sinceSnapshot;
  }

  takes(message: Message): boolean {
    if (this.#error !== undefined) {
      this.#refuse(message, this.#error);
      return true;
    }
    if (!this.#methods.has(message.method)) return false;
    const known = message.given === undefined ? undefined : this.#options.known.get(message.given);
    if (known !== undefined) {
      this.#gate(message, () => {
        const value = known.reply === null ? undefined : encoding.decode(known.reply);
        message.source.reply(message.slot, value);
      });
      return true;
    }
    try {
      this.#payload = encoding.encode(message.payload);
      return false;
    } catch (error) {
      this.#refuse(message, MagFlockError.from(error));
      return true;
    }
  }

  reply(message: Message, value: unknown): void {
    const reply = () => message.source.reply(message.slot, value);
    if (!this.#methods.has(message.method)) {
      this.#gate(message, reply);
      return;
    }
    this.#seq += 1;
    const id = message.given ?? null;
    const entry = {
      seq: this.#seq,
      id,
      method: message.method,
      payload: this.#payload as Uint8Array,
      reply: id === null ? null : answerBytes(value),
    };
    if (id !== null) this.#options.known.add(id, { seq: entry.seq, reply: entry.reply });
    this.#wait(message, entry, reply);
    this.#sinceSnapshot += 1;
    const due = this.#sinceSnapshot >= (this.#journal.snapshotEvery ?? 1_000);
    if (due && this.#saving === undefined) this.#copyState();
  }

  fail(message: Message, error: MagFlockError): void {
    // Of a tell its cell has told already.
    const fail = () => message.source.fail(message.slot, error);
    if (this.#flushing === undefined) fail();
    else {
      message.source.ran?.(message.slot);
      this.#waiting.push({ entry: undefined, settle: fail });
    }
  }

  follow({ journal }: AnyActor): void {
    if (journal === undefined) return;
    this.#journal = journal as JournalOptions<unknown, unknown>;
    this.#methods = new Set(this.#journal.methods);
    // The new version need not run again what the old one ran.
    this.#sinceSnapshot = Number.POSITIVE_INFINITY;
  }

  async reopen(): Promise<void> {
    if (this.#error !== undefined) return;
    const { store, owner } = this.#options;
    const { journal } = owner;
    const { epoch, lastSeq } = await store.open({ journal });
    // With the former epoch it ends at its next append, and starts anew from what the journal has.
    if (lastSeq !== this.#seq) {
      const text = `the journal of ${journal} ends at ${lastSeq}, its actor at ${this.#seq}`;
      throw new MagFlockError('MF631', text);
    }
    this.#owner = { journal, epoch };
    // Nothing has to run again: the next start must blame no entry for this opening, nor for that of the other one.
    await store.replayed(this.#owner);
  }

  async idle(): Promise<void> {
    await this.#flushing;
    await this.#saving;
  }

  /** Lets an answer go when what ran before it is durable. */
  #gate(message: Message, settle: () => void): void {
    if (this.#flushing === undefined) settle();
    else this.#wait(message, undefined, settle);
  }

  #wait(message: Message, entry: JournalEntry | undefined, settle: () => void): void {
    message.source.ran?.(message.slot);
    this.#waiting.push({
      entry,
      settle: (error) => (error === undefined ? settle() : this.#refuse(message, error)),
    });
    this.#flushing ??= detached(() => this.#flush());
  }

  #refuse(message: Message, error: MagFlockError): void {
    message.source.fail(message.slot, error);
    if (!message.asked) this.#options.lost(message, error);
  }

  async #flush(): Promise<void> {
    const { store } = this.#options;
    // The messages of this turn share the first append.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchEntries);
      const entries = batch.flatMap(({ entry }) => entry ?? []);
      try {
        if (entries.length > 0) await store.append({ ...this.#owner, entries });
      } catch (error) {
        this.#break(MagFlockError.from(error), batch);
        break;
      }
      for (const { settle } of batch) settle();
      this.#saveSnapshot(entries.at(-1)?.seq ?? 0);
    }
    this.#flushing = undefined;
  }

  #break(error: MagFlockError, batch: readonly Waiting[]): void {
    this.#error = error;
    const all = [...batch, ...this.#waiting.splice(0)];
    for (const { settle } of all) settle(error);
    this.#options.broken(error);
  }

  /** Between two messages: the state is that after the last entry. */
  #copyState(): void {
    this.#sinceSnapshot = 0;
    try {
      const { known, state } = this.#options;
      const kept: KeptSnapshot = { state: this.#journal.snapshot(state()), known: known.all() };
      this.#snapshot = { seq: this.#seq, state: encoding.encode(kept) };
    } catch (error) {
      this.#options.snapshotFailed(error);
    }
  }

  /** A snapshot is saved when all it holds is durable: it must not keep what was never acknowledged. */
  #saveSnapshot(durable: number): void {
    const snapshot = this.#snapshot;
    if (snapshot === undefined || durable < snapshot.seq) return;
    this.#snapshot = undefined;
    const { store, snapshotFailed } = this.#options;
    this.#saving = store
      .snapshot({ ...this.#owner, ...snapshot })
      .catch(snapshotFailed)
      .finally(() => {
        this.#saving = undefined;
      });
  }
}

function answerBytes(value: unknown): Uint8Array | null {
  try {
    return value === undefined ? null : encoding.encode(value);
  } catch {
    // It cannot reach an asker in another thread either.
    return null;
  }
}
