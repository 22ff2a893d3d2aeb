import type { MessagePort } from 'node:worker_threads';
import type { ActorCell } from '../actor/actor-cell.ts';
import { Deque } from '../actor/deque.ts';
import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { WatchFrame } from '../actor/watch-frame.ts';
import type { DeadLetter, DeadLetterContent, DeadLetterReason } from '../bus/dead-letter.ts';
import type { ErrorEnvelope } from '../errors/error-envelope.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaFrame } from '../placement/replica-frame.ts';
import { CreditGate } from './credit-gate.ts';
import { createEndOfTick } from './end-of-tick.ts';
import { LinkInbox } from './link-inbox.ts';
import type { Outgoing } from './outgoing.ts';
import { PortReader } from './port-reader.ts';
import { postEach } from './post-each.ts';
import { SlotTable } from './slot-table.ts';
import { tag } from './wire-record.ts';

/** What a link needs of the thread it belongs to. */
export interface LinkHost {
  readonly thread: string;
  /** The place of an actor of this thread, made when it is first addressed. */
  cell(name: string): ActorCell;
  /** Asks the main thread for a port to that thread, now or as soon as it lives. */
  connect(thread: string): void;
  /** Why no message to this actor will ever be taken, or undefined. */
  refusal(target: string): MagFlockError | undefined;
  /** Has this actor a mailbox of policy `wait`, whose senders need credits? */
  waits(target: string): boolean;
  deadLetter(letter: Omit<DeadLetter, 'at'>, content?: DeadLetterContent): void;
  onReplicaFrame(from: string, frame: ReplicaFrame): void;
  onWatchFrame(from: string, frame: WatchFrame): void;
  onTopic(from: string, name: string, publisher: string, payload: unknown): void;
  onTopicTaken(from: string, name: string, count: number): void;
}

/** A port as the main thread hands it out. */
export interface Connection {
  readonly port: MessagePort;
  /** Incarnation of the peer thread. */
  readonly incarnation: number;
  /** Marks of the messages we send; the peer writes them. */
  readonly sent: SharedArrayBuffer;
  /** Marks of the messages we receive; we write them. */
  readonly received: SharedArrayBuffer;
}

/** Messages that wait for a connection or a slot, per link. */
const backlogLimit = 50_000;
const backlogBytes = 64 * 1024 * 1024;
/**
 * Elements after which a batch leaves before the tick ends, so that both sides work at the same time: about a
 * hundred asks. Four times as many left one side idle while the other worked, with 256 asks in flight.
 */
const batchElements = 512;

/**
 * Everything between this thread and one other, over the incarnations of both. While there is no connection
 * messages wait here; when the peer dies, those it had not started are sent again, in order, to its next
 * incarnation, and those it had started are answered MF601.
 */
export class Link {
  readonly peer: string;
  readonly #host: LinkHost;
  #inbox: LinkInbox | undefined;
  #reader: PortReader | undefined;
  readonly #flushLater: () => void;
  #port: MessagePort | undefined;
  #incarnation = 0;
  #slots: SlotTable | undefined;
  #outbox: unknown[] = [];
  #backlog = new Deque<Outgoing>();
  #backlogBytes = 0;
  #frames: (readonly unknown[])[] = [];
  #signatures = 0;
  #connecting = false;
  readonly #gate = new CreditGate((target) => {
    if (this.#port === undefined) this.#connect();
    // Asked for with a count of zero.
    else this.post(tag.credit, target, 0);
  });

  constructor(peer: string, host: LinkHost) {
    this.peer = peer;
    this.#host = host;
    this.#flushLater = createEndOfTick(() => this.flush());
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  get connected(): boolean {
    return this.#port !== undefined;
  }

  /** Messages that wait for a connection or a slot. */
  get waiting(): number {
    return this.#backlog.length + this.#gate.length;
  }

  /** Messages at the peer that it has not done with. */
  get unanswered(): number {
    return this.#slots?.inUse ?? 0;
  }

  /** Sends a message, or keeps it until it can be sent. */
  send(outgoing: Outgoing): void {
    if (this.#host.waits(outgoing.address.target)) {
      const full = this.#gate.length >= backlogLimit || this.#gate.bytes > backlogBytes;
      if (full) this.#refuseFull(outgoing);
      else if (this.#gate.pass(outgoing)) this.#sendNow(outgoing);
    } else this.#sendNow(outgoing);
  }

  /** Sends what was taken back from another link, in order. It was accepted there and finds room here. */
  resend(outgoings: readonly Outgoing[]): void {
    for (const outgoing of outgoings) {
      if (outgoing.settled) continue;
      if (!this.#host.waits(outgoing.address.target) || this.#gate.pass(outgoing))
        this.#sendNow(outgoing, true);
    }
  }

  /** The actor does not make its senders wait any more: what was held for it goes. */
  release(target: string): void {
    for (const outgoing of this.#gate.forget(target)) if (!outgoing.settled) this.#sendNow(outgoing, true);
  }

  #sendNow(outgoing: Outgoing, accepted = false): void {
    if (this.#backlog.length === 0 && this.#transmit(outgoing)) return;
    const bytes = estimateBytes(outgoing.payload);
    const full = this.#backlog.length >= backlogLimit || this.#backlogBytes + bytes > backlogBytes;
    if (full && !accepted) {
      this.#refuseFull(outgoing);
      return;
    }
    this.#backlogBytes += bytes;
    this.#backlog.push(outgoing);
    if (this.#port === undefined) this.#connect();
  }

  /** Sends a frame of replication; frames are outside the mailboxes, in order with each other. */
  sendFrame(frame: ReplicaFrame): void {
    this.sendRecord([tag.replica, frame]);
  }

  /** Sends a record that concerns this incarnation of the peer only: it is not sent again to the next. */
  sendRecord(record: readonly unknown[]): void {
    if (this.#port === undefined) {
      this.#frames.push(record);
      this.#connect();
      return;
    }
    for (const element of record) this.#outbox.push(element);
    this.#queued();
  }

  /** Adds a record to this tick's batch. */
  post(...record: unknown[]): void {
    if (this.#port === undefined) return;
    for (const element of record) this.#outbox.push(element);
    this.#queued();
  }

  reply(slot: number, value: unknown): void {
    this.#outbox.push(tag.reply, slot, value);
    this.#queued();
  }

  fail(slot: number, error: unknown): void {
    this.#outbox.push(tag.fail, slot, MagFlockError.from(error).toEnvelope());
    this.#queued();
  }

  /** A port to the peer has come. */
  attach(connection: Connection): void {
    this.#reader?.close();
    this.#connecting = false;
    this.#signatures = 0;
    this.#port = connection.port;
    this.#incarnation = connection.incarnation;
    this.#slots = new SlotTable(connection.sent);
    // One inbox per connection: what an earlier asker asked must not be answered to its successor.
    this.#inbox?.disconnected();
    const inbox = new LinkInbox(this, this.#host, connection.received);
    this.#inbox = inbox;
    // Nothing is above on the stack, so that what was answered at once need not wait for the end of the tick.
    this.#reader = new PortReader(connection.port, inbox, () => this.flush());
    const frames = this.#frames;
    this.#frames = [];
    for (const record of frames) this.post(...record);
    this.#gate.reset();
    this.#sendBacklog();
  }

  /** The peer's thread has ended. */
  down(incarnation: number): void {
    this.#connecting = false;
    this.#frames = [];
    if (this.#port === undefined || this.#incarnation !== incarnation) {
      if (this.waiting > 0) this.#connect();
      return;
    }
    // Answers it gave before it died are still in the port.
    this.#reader?.readAll();
    this.#reader?.close();
    this.#port = undefined;
    this.#outbox = [];
    this.#inbox?.disconnected();
    this.#inbox = undefined;
    const unstarted: Outgoing[] = [];
    const unpaid: Outgoing[] = [];
    for (const { outgoing, started, ran } of this.#slots?.drain() ?? []) {
      outgoing.onAbandon = undefined;
      if (outgoing.settled) continue;
      if (started) this.#died(outgoing, ran);
      else if (this.#host.waits(outgoing.address.target)) unpaid.push(outgoing);
      else unstarted.push(outgoing);
    }
    this.#slots = undefined;
    for (const outgoing of unstarted) this.#backlogBytes += estimateBytes(outgoing.payload);
    this.#backlog.prepend(unstarted);
    this.#gate.holdFirst(unpaid);
    this.refuseUnreachable();
    if (this.waiting > 0) this.#connect();
  }

  /** Refuses what waits for actors that will not come back. */
  refuseUnreachable(): void {
    const refused = this.#extract(({ address }) => this.#host.refusal(address.target) !== undefined);
    for (const outgoing of refused) {
      const error = this.#host.refusal(outgoing.address.target) as MagFlockError;
      this.#refuse(outgoing, error, 'part-unavailable');
    }
  }

  /**
   * The actor lives in another thread now and starts nothing here any more.
   * @returns everything of this sender that it has not started, in order of sending; what it has started is
   * still answered through this link
   */
  takeBack(target: string): readonly Outgoing[] {
    const mine = ({ address }: Outgoing) => address.target === target;
    const sent = this.#slots?.takeBack(mine) ?? [];
    // It went through this connection, whose tag.cancel would mean another thread's message.
    for (const outgoing of sent) outgoing.onAbandon = undefined;
    return [...sent, ...this.#extract(mine), ...this.#gate.forget(target)];
  }

  /** Takes out what waits here, and nowhere else, for actors that have another thread by now. */
  strays(isElsewhere: (target: string) => boolean): readonly Outgoing[] {
    const elsewhere = ({ address }: Outgoing) => isElsewhere(address.target);
    return [...this.#extract(elsewhere), ...this.#gate.extract(elsewhere)];
  }

  /** Takes messages out of the backlog. */
  #extract(matches: (outgoing: Outgoing) => boolean): readonly Outgoing[] {
    const taken = this.#backlog.extract(matches);
    for (const { payload } of taken) this.#backlogBytes -= estimateBytes(payload);
    return taken;
  }

  /** Closes the port; nothing is sent any more. */
  close(): void {
    this.flush();
    this.#reader?.close();
    this.#port = undefined;
  }

  /** Posts what this tick has collected. */
  flush(): void {
    const batch = this.#outbox;
    if (batch.length === 0 || this.#port === undefined) return;
    this.#outbox = [];
    try {
      this.#port.postMessage(batch);
    } catch {
      // One value cannot be cloned: the others must still go.
      postEach(this.#port, batch, (record, error) => this.#notCloneable(record, error));
    }
  }

  /** The receiver is done with an ask. */
  settle(slot: number, outcome: 'reply' | 'fail' | 'release', value: unknown): void {
    const outgoing = this.#slots?.release(slot);
    if (outgoing !== undefined) {
      outgoing.onAbandon = undefined;
      if (outcome === 'reply') outgoing.reply(value);
      else if (outcome === 'fail') outgoing.fail(MagFlockError.fromEnvelope(value as never));
      // Released without an answer although somebody waits: its deadline is past on the other side's clock.
      else outgoing.expire();
    }
    if (this.#backlog.length > 0) this.#sendBacklog();
  }

  /** The receiver started many tells: their slots are free. */
  swept(): void {
    this.#slots?.sweep();
    if (this.#backlog.length > 0) this.#sendBacklog();
  }

  /** The receiver takes more messages into a `wait` mailbox. */
  credit(target: string, count: number): void {
    for (const outgoing of this.#gate.credit(target, count)) this.#sendNow(outgoing);
  }

  #connect(): void {
    if (this.#connecting) return;
    this.#connecting = true;
    this.#host.connect(this.peer);
  }

  #queued(): void {
    if (this.#outbox.length >= batchElements) this.flush();
    else this.#flushLater();
  }

  #transmit(outgoing: Outgoing): boolean {
    const { address, method } = outgoing;
    if (this.#port === undefined || this.#slots === undefined) return false;
    if (!this.#slots.take(outgoing)) return false;
    const { slot, payload, meta } = outgoing;
    if (address.connection !== this.#slots) {
      address.connection = this.#slots;
      address.signatures = new Map();
    }
    let signature = address.signatures.get(method);
    if (signature === undefined) {
      signature = ++this.#signatures;
      address.signatures.set(method, signature);
      this.#outbox.push(tag.define, signature, address.target, method, address.from);
    }
    if (outgoing.asked) {
      outgoing.onAbandon = this.#abandon;
      if (meta === undefined) this.#outbox.push(tag.ask, slot, signature, outgoing.deadline, payload);
      else this.#outbox.push(tag.askWith, slot, signature, outgoing.deadline, payload, meta);
    } else if (meta === undefined) this.#outbox.push(tag.tell, slot, signature, payload);
    else this.#outbox.push(tag.tellWith, slot, signature, payload, meta);
    this.#queued();
    return true;
  }

  readonly #abandon = (outgoing: Outgoing): void => {
    if (outgoing.slot >= 0) this.post(tag.cancel, outgoing.slot);
  };

  #sendBacklog(): void {
    for (;;) {
      const outgoing = this.#backlog.peek();
      if (outgoing === undefined || !(outgoing.settled || this.#transmit(outgoing))) return;
      this.#backlog.shift();
      this.#backlogBytes -= estimateBytes(outgoing.payload);
      if (outgoing.settled && this.#port !== undefined) this.#unused(outgoing);
    }
  }

  #died(outgoing: Outgoing, ran: boolean): void {
    const { target } = outgoing.address;
    this.#letter(outgoing, 'died-while-running', `the thread ${this.peer} ended while it ran`, ran);
    outgoing.fail(
      new MagFlockError('MF601', `${target} ended before it answered ${outgoing.method}`, {
        details: { part: target, method: outgoing.method },
      }),
    );
  }

  #refuse(outgoing: Outgoing, error: MagFlockError, reason: DeadLetterReason): void {
    if (outgoing.asked) outgoing.fail(error);
    else this.#letter(outgoing, reason, error.message);
  }

  #refuseFull(outgoing: Outgoing): void {
    const { target } = outgoing.address;
    const error = new MagFlockError('MF603', `too many messages wait for ${target} in ${this.#host.thread}`);
    this.#refuse(outgoing, error, 'mailbox-full');
  }

  #letter(outgoing: Outgoing, reason: DeadLetterReason, detail: string, ran = false): void {
    const { target, from } = outgoing.address;
    const { asked, method, payload, meta } = outgoing;
    const content = { asked, payload, id: meta?.id, ran };
    this.#host.deadLetter({ to: target, from, method, reason, detail }, content);
  }

  #notCloneable(record: readonly unknown[], cause: unknown): void {
    const error = new MagFlockError('MF614', 'the value cannot cross to another thread', { cause });
    if (record[0] === tag.replica) {
      const { owner } = record[1] as ReplicaFrame;
      const detail = `state of ${owner} cannot be copied to its replica in ${this.peer}: ${String(cause)}`;
      this.#host.deadLetter({
        to: this.peer,
        from: owner,
        method: 'publish',
        reason: 'not-cloneable',
        detail,
      });
      return;
    }
    if (record[0] === tag.topic) {
      const [, name, from] = record as [number, string, string];
      const detail = `a message of topic ${name} cannot be copied to ${this.peer}: ${String(cause)}`;
      const to = `topic ${name}`;
      this.#host.deadLetter({ to, from, method: 'publish', reason: 'not-cloneable', detail });
      // It has taken a place in the window of the topic that nobody else gives back.
      this.#host.onTopicTaken(this.peer, name, 1);
      return;
    }
    const slot = record[1] as number;
    // Answers go by the slots of the peer.
    if (record[0] === tag.reply || record[0] === tag.fail) {
      this.fail(slot, record[0] === tag.reply ? error : withoutDetails(record[2] as ErrorEnvelope));
      return;
    }
    const outgoing = this.#slots?.release(slot);
    if (outgoing === undefined) return;
    outgoing.onAbandon = undefined;
    this.#refuse(outgoing, error, 'not-cloneable');
    this.#unused(outgoing);
  }

  /** A message that was paid for and never sent: its credit is for the next one. */
  #unused(outgoing: Outgoing): void {
    const { target } = outgoing.address;
    if (this.#host.waits(target)) this.credit(target, 1);
  }
}

/** An error whose details or causes hold what cannot cross to another thread. */
function withoutDetails({ code, message, retryable, fix }: ErrorEnvelope): MagFlockError {
  return MagFlockError.fromEnvelope({ code, message, retryable, ...(fix === undefined ? {} : { fix }) });
}
