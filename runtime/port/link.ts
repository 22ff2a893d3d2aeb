import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ActorCell } from '../actor/actor-cell.ts';
import { Deque } from '../actor/deque.ts';
import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { DeadLetter, DeadLetterReason } from '../bus/dead-letter.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaFrame } from '../placement/replica-frame.ts';
import { CreditGate } from './credit-gate.ts';
import { createEndOfTick } from './end-of-tick.ts';
import { LinkInbox } from './link-inbox.ts';
import type { Outgoing } from './outgoing.ts';
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
  deadLetter(letter: Omit<DeadLetter, 'at'>): void;
  onReplicaFrame(from: string, frame: ReplicaFrame): void;
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
/** Elements after which a batch leaves before the tick ends, so that both sides work at the same time. */
const batchElements = 2_048;

/**
 * Everything between this thread and one other, over the incarnations of both. While there is no connection
 * messages wait here; when the peer dies, those it had not started are sent again, in order, to its next
 * incarnation, and those it had started are answered MF601.
 */
export class Link {
  readonly peer: string;
  readonly #host: LinkHost;
  #inbox: LinkInbox | undefined;
  readonly #flushLater: () => void;
  #port: MessagePort | undefined;
  #incarnation = 0;
  #slots: SlotTable | undefined;
  #outbox: unknown[] = [];
  #backlog = new Deque<Outgoing>();
  #backlogBytes = 0;
  #frames: ReplicaFrame[] = [];
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

  /** Sends a message, or keeps it until it can be sent. */
  send(outgoing: Outgoing): void {
    if (this.#host.waits(outgoing.address.target)) {
      if (this.#gate.length >= backlogLimit) this.#refuseFull(outgoing);
      else if (this.#gate.pass(outgoing)) this.#sendNow(outgoing);
    } else this.#sendNow(outgoing);
  }

  #sendNow(outgoing: Outgoing): void {
    if (this.#backlog.length === 0 && this.#transmit(outgoing)) return;
    const bytes = estimateBytes(outgoing.payload);
    if (this.#backlog.length >= backlogLimit || this.#backlogBytes + bytes > backlogBytes) {
      const { target } = outgoing.address;
      const error = new MagFlockError(
        'MF603',
        `too many messages wait for ${target} in ${this.#host.thread}`,
      );
      this.#refuse(outgoing, error, 'mailbox-full');
      return;
    }
    this.#backlogBytes += bytes;
    this.#backlog.push(outgoing);
    if (this.#port === undefined) this.#connect();
  }

  /** Sends a frame of replication; frames are outside the mailboxes, in order with each other. */
  sendFrame(frame: ReplicaFrame): void {
    if (this.#port === undefined) {
      this.#frames.push(frame);
      this.#connect();
      return;
    }
    this.post(tag.replica, frame);
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
    this.#port?.close();
    this.#connecting = false;
    this.#signatures = 0;
    this.#port = connection.port;
    this.#incarnation = connection.incarnation;
    this.#slots = new SlotTable(connection.sent);
    // One inbox per connection: what an earlier asker asked must not be answered to its successor.
    this.#inbox?.disconnected();
    const inbox = new LinkInbox(this, this.#host, connection.received);
    this.#inbox = inbox;
    connection.port.on('message', (batch: unknown[]) => {
      inbox.receive(batch);
      this.#drain(connection.port, inbox);
    });
    const frames = this.#frames;
    this.#frames = [];
    for (const frame of frames) this.post(tag.replica, frame);
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
    if (this.#inbox !== undefined) this.#drain(this.#port, this.#inbox);
    this.#port.close();
    this.#port = undefined;
    this.#outbox = [];
    this.#inbox?.disconnected();
    this.#inbox = undefined;
    const unstarted: Outgoing[] = [];
    const unpaid: Outgoing[] = [];
    for (const { outgoing, started } of this.#slots?.drain() ?? []) {
      outgoing.onAbandon = undefined;
      if (outgoing.settled) continue;
      if (started) this.#died(outgoing);
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
    const refused = this.#backlog.extract(({ address }) => this.#host.refusal(address.target) !== undefined);
    for (const outgoing of refused) {
      this.#backlogBytes -= estimateBytes(outgoing.payload);
      const error = this.#host.refusal(outgoing.address.target) as MagFlockError;
      this.#refuse(outgoing, error, 'part-unavailable');
    }
  }

  /** Closes the port; nothing is sent any more. */
  close(): void {
    this.flush();
    this.#port?.close();
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
    }
  }

  #drain(port: MessagePort, inbox: LinkInbox): void {
    for (;;) {
      const next = receiveMessageOnPort(port) as { message: unknown[] } | undefined;
      if (next === undefined) return;
      inbox.receive(next.message);
    }
  }

  #died(outgoing: Outgoing): void {
    const { target } = outgoing.address;
    this.#letter(outgoing, 'died-while-running', `the thread ${this.peer} ended while it ran`);
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

  #letter(outgoing: Outgoing, reason: DeadLetterReason, detail: string): void {
    const { target, from } = outgoing.address;
    this.#host.deadLetter({ to: target, from, method: outgoing.method, reason, detail });
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
    const slot = record[1] as number;
    if (record[0] === tag.reply) {
      this.fail(slot, error);
      return;
    }
    const outgoing = this.#slots?.release(slot);
    if (outgoing !== undefined) this.#refuse(outgoing, error, 'not-cloneable');
  }
}
