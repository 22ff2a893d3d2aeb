import type { ActorCell } from '../actor/actor-cell.ts';
import { Message, type MessageSource } from '../actor/message.ts';
import type { WatchFrame } from '../actor/watch-frame.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaFrame } from '../placement/replica-frame.ts';
import type { Link, LinkHost } from './link.ts';
import { type Meta, recordLength, tag } from './wire-record.ts';

interface Signature {
  cell: ActorCell;
  readonly target: string;
  readonly method: string;
  readonly from: string;
}

/** Started tells after which the sender is told that slots are free. */
const sweepEvery = 2_048;

/** The receiving half of one connection: reads batches, hands messages to actors and their outcome back. */
export class LinkInbox implements MessageSource {
  readonly #link: Link;
  readonly #host: LinkHost;
  readonly #marks: Uint8Array;
  readonly #signatures: Signature[] = [];
  /** Messages in this thread by slot: needed to cancel them, and to know who is answered. */
  #messages: (Message | undefined)[] = [];
  #startedTells = 0;
  #connected = true;
  /** Credits given to the sender and not used up yet, by actor with a `wait` mailbox. */
  readonly #given = new Map<ActorCell, { granted: number; used: number }>();

  /** @param marks shared memory in which started messages are marked, by slot */
  constructor(link: Link, host: LinkHost, marks: SharedArrayBuffer) {
    this.#link = link;
    this.#host = host;
    this.#marks = new Uint8Array(marks);
  }

  /** The sender's thread has ended: asks that wait are not run, those that run are told. */
  disconnected(): void {
    this.#connected = false;
    for (const message of this.#messages) {
      // A tell was meant to be done whether its sender lives or not: an audit entry, for example.
      if (message?.asked === true) message.to.cancel(message);
    }
    this.#messages = [];
    for (const [cell, { granted }] of this.#given) cell.waitRoom.ungrant(granted);
    this.#given.clear();
  }

  started(slot: number): void {
    if (!this.#connected) return;
    Atomics.store(this.#marks, slot, 1);
    const message = this.#messages[slot];
    if (this.#given.size > 0 && message !== undefined) this.#giveBack(message);
    if (message === undefined || message.asked) return;
    // Its slot is free for the sender from now on: what becomes of it must not touch the next message there.
    message.slot = -1;
    this.#messages[slot] = undefined;
    if (++this.#startedTells === sweepEvery) {
      this.#startedTells = 0;
      this.#link.post(tag.swept);
    }
  }

  ran(slot: number): void {
    // The slot of a tell may be another's by now.
    if (this.#connected && this.#messages[slot]?.asked === true) Atomics.store(this.#marks, slot, 2);
  }

  reply(slot: number, value: unknown): void {
    if (this.#answers(slot)) this.#link.reply(slot, value);
  }

  fail(slot: number, error: unknown): void {
    this.#returnUnstarted(slot);
    if (this.#answers(slot)) this.#link.fail(slot, error);
    else this.#settleTell(slot);
  }

  release(slot: number): void {
    this.#returnUnstarted(slot);
    if (this.#answers(slot)) this.#link.post(tag.release, slot);
    else this.#settleTell(slot);
  }

  /** The credit of an ask that was never started returns too; that of a tell does when it is settled. */
  #returnUnstarted(slot: number): void {
    const message = this.#messages[slot];
    if (this.#given.size > 0 && message?.asked === true && !message.begun) this.#giveBack(message);
  }

  /**
   * Reads records of a batch.
   * @param from where the first begins
   * @param most how many
   * @returns where the next begins
   */
  receive(batch: readonly unknown[], from = 0, most = Number.POSITIVE_INFINITY): number {
    let at = from;
    for (let left = most; at < batch.length && left > 0; left--) {
      switch (batch[at]) {
        case tag.reply:
          this.#link.settle(batch[at + 1] as number, 'reply', batch[at + 2]);
          break;
        case tag.ask:
          this.#ask(batch, at, undefined);
          break;
        case tag.askWith:
          this.#ask(batch, at, batch[at + 5] as Meta);
          break;
        case tag.tell:
          this.#tell(batch, at, undefined);
          break;
        case tag.tellWith:
          this.#tell(batch, at, batch[at + 4] as Meta);
          break;
        default:
          this.#other(batch, at);
      }
      at += recordLength[batch[at] as number] as number;
    }
    return at;
  }

  #other(batch: readonly unknown[], at: number): void {
    switch (batch[at]) {
      case tag.define:
        this.#signatures[batch[at + 1] as number] = {
          cell: this.#host.cell(batch[at + 2] as string),
          target: batch[at + 2] as string,
          method: batch[at + 3] as string,
          from: batch[at + 4] as string,
        };
        break;
      case tag.fail:
        this.#link.settle(batch[at + 1] as number, 'fail', batch[at + 2]);
        break;
      case tag.release:
        this.#link.settle(batch[at + 1] as number, 'release', undefined);
        break;
      case tag.cancel:
        this.#cancel(batch[at + 1] as number);
        break;
      case tag.swept:
        this.#link.swept();
        break;
      case tag.credit:
        this.#credit(batch[at + 1] as string, batch[at + 2] as number);
        break;
      case tag.replica:
        this.#host.onReplicaFrame(this.#link.peer, batch[at + 1] as ReplicaFrame);
        break;
      case tag.topic:
        this.#host.onTopic(this.#link.peer, batch[at + 1] as string, batch[at + 2] as string, batch[at + 3]);
        break;
      case tag.topicTaken:
        this.#host.onTopicTaken(this.#link.peer, batch[at + 1] as string, batch[at + 2] as number);
        break;
      case tag.watch:
        this.#host.onWatchFrame(this.#link.peer, batch[at + 1] as WatchFrame);
        break;
      default:
        throw new MagFlockError(
          'MF699',
          `unknown record ${String(batch[at])} from thread ${this.#link.peer}`,
        );
    }
  }

  /** The sender asks for first credits (count 0), or gives some for messages we send. */
  #credit(name: string, count: number): void {
    if (count > 0) {
      this.#link.credit(name, count);
      return;
    }
    const cell = this.#host.cell(name);
    const granted = cell.grant();
    this.#given.set(cell, { granted: granted + (this.#given.get(cell)?.granted ?? 0), used: 0 });
    this.#link.post(tag.credit, name, granted);
  }

  /** A message left the mailbox: its credit returns to the sender, several in one record where that does not stall. */
  #giveBack(message: Message): void {
    const given = this.#given.get(message.to);
    if (given === undefined) return;
    given.used += 1;
    if (given.used * 4 < given.granted) return;
    this.#link.post(tag.credit, message.to.name, given.used);
    given.used = 0;
  }

  #ask(batch: readonly unknown[], at: number, meta: Meta | undefined): void {
    const slot = batch[at + 1] as number;
    const signature = this.#signature(batch[at + 2] as number);
    const message = new Message(
      this,
      slot,
      true,
      signature.cell,
      signature.method,
      batch[at + 4],
      signature.from,
      batch[at + 3] as number,
      meta?.high === true,
      meta?.trace,
      meta?.id,
      meta?.chain,
    );
    this.#messages[slot] = message;
    signature.cell.receive(message);
  }

  #tell(batch: readonly unknown[], at: number, meta: Meta | undefined): void {
    const slot = batch[at + 1] as number;
    const signature = this.#signature(batch[at + 2] as number);
    const message = new Message(
      this,
      slot,
      false,
      signature.cell,
      signature.method,
      batch[at + 3],
      signature.from,
      Number.POSITIVE_INFINITY,
      meta?.high === true,
      meta?.trace,
      meta?.id,
    );
    this.#messages[slot] = message;
    signature.cell.receive(message);
  }

  #signature(number: number): Signature {
    const signature = this.#signatures[number] as Signature;
    // Another actor may have the name of one that has ended.
    if (signature.cell.phase === 'closed') signature.cell = this.#host.cell(signature.target);
    return signature;
  }

  #cancel(slot: number): void {
    const message = this.#messages[slot];
    message?.to.cancel(message);
  }

  /** Is somebody on the other side waiting for the outcome of this slot? */
  #answers(slot: number): boolean {
    const message = this.#messages[slot];
    if (message === undefined || !message.asked) return false;
    // Its answer may be lost with this thread; then it is not this message that ended it.
    if (message.given !== undefined) this.ran(slot);
    this.#messages[slot] = undefined;
    return this.#connected;
  }

  #settleTell(slot: number): void {
    if (this.#messages[slot] !== undefined) this.started(slot);
  }
}
