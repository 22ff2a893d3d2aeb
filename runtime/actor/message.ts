import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../port/outgoing.ts';
import type { ActorCell } from './actor-cell.ts';
import type { AskChain } from './ask-chain.ts';
import type { CallContext } from './define-actor.ts';
import { stashSignal } from './stash-signal.ts';

/** Where the outcome of a message goes: the port it came from, or the asker in the same thread. */
export interface MessageSource {
  /** The message is about to run: from now on it is never run again. */
  started(slot: number): void;
  /** It has run, only its answer waits until it is durable: it is not to blame when the thread ends now. */
  ran?(slot: number): void;
  reply(slot: number, value: unknown): void;
  fail(slot: number, error: unknown): void;
  /** It will not run, and nobody waits for an answer (expired, cancelled). */
  release(slot: number): void;
}

/** What few messages need. */
interface Rare {
  given?: string;
  /** The calls it was asked in. */
  chain?: AskChain;
  /** The same and itself, once it has asked. */
  chainHere?: AskChain;
  /** What it has asked and is not answered yet. */
  asks?: Set<Outgoing>;
  controller?: AbortController;
  timer?: NodeJS.Timeout;
  id?: string;
}

/** Bits of `#flags`: a word instead of eight, since a mailbox may hold very many messages. */
const flag = { asked: 1, high: 2, queued: 4, cancelled: 8, begun: 16, replayed: 32, done: 64 } as const;

/** A message on its way through a mailbox; while it runs it is also the call its method sees. */
export class Message implements CallContext {
  readonly source: MessageSource;
  /** Place at its sender; -1 for a tell from a port that has started: its sender uses the place again. */
  slot: number;
  /** The place of the actor it is for. */
  readonly to: ActorCell;
  readonly method: string;
  readonly payload: unknown;
  readonly from: string;
  readonly deadline: number;
  /** While it runs and tracing is on, its own span. */
  trace: string | undefined;
  /** Estimated bytes, set by the mailbox. */
  bytes = 0;
  #flags: number;
  #rare: Rare | undefined;

  constructor(
    source: MessageSource,
    slot: number,
    asked: boolean,
    to: ActorCell,
    method: string,
    payload: unknown,
    from: string,
    deadline: number,
    high: boolean,
    trace: string | undefined,
    given?: string,
    chain?: AskChain,
  ) {
    this.source = source;
    this.slot = slot;
    this.to = to;
    this.method = method;
    this.payload = payload;
    this.from = from;
    this.deadline = deadline;
    this.trace = trace;
    this.#flags = (asked ? flag.asked : 0) | (high ? flag.high : 0);
    if (given !== undefined) this.#rare = { given, id: given };
    if (chain !== undefined) {
      this.#rare ??= {};
      this.#rare.chain = chain;
    }
  }

  get asked(): boolean {
    return (this.#flags & flag.asked) !== 0;
  }

  get high(): boolean {
    return (this.#flags & flag.high) !== 0;
  }

  /** Waits in a mailbox; the mailbox's own business. */
  get queued(): boolean {
    return (this.#flags & flag.queued) !== 0;
  }

  set queued(on: boolean) {
    this.#set(flag.queued, on);
  }

  /** Nobody waits any more; it is not run when it has not started. */
  get cancelled(): boolean {
    return (this.#flags & flag.cancelled) !== 0;
  }

  /** It has been started once; when it comes out of the stash it is not marked again. */
  get begun(): boolean {
    return (this.#flags & flag.begun) !== 0;
  }

  set begun(on: boolean) {
    this.#set(flag.begun, on);
  }

  /** Run again from a journal. */
  get replayed(): boolean {
    return (this.#flags & flag.replayed) !== 0;
  }

  set replayed(on: boolean) {
    this.#set(flag.replayed, on);
  }

  /** Answered. A context that still points here (a server made during the call) has no deadline any more. */
  get done(): boolean {
    return (this.#flags & flag.done) !== 0;
  }

  /** The id its sender gave it; only such a message can come again. */
  get given(): string | undefined {
    return this.#rare?.given;
  }

  get chain(): AskChain | undefined {
    return this.#rare?.chain;
  }

  get chainHere(): AskChain | undefined {
    return this.#rare?.chainHere;
  }

  get openAsks(): Set<Outgoing> | undefined {
    return this.#rare?.asks;
  }

  /** An ask is made in this call. */
  asks(outgoing: Outgoing): void {
    this.#rare ??= {};
    this.#rare.asks ??= new Set();
    this.#rare.asks.add(outgoing);
    outgoing.asker = this;
  }

  set chainHere(chain: AskChain) {
    this.#rare ??= {};
    this.#rare.chainHere = chain;
  }

  get id(): string {
    this.#rare ??= {};
    this.#rare.id ??= randomUUID();
    return this.#rare.id;
  }

  get signal(): AbortSignal {
    this.#rare ??= {};
    const rare = this.#rare;
    if (rare.controller === undefined) {
      const controller = new AbortController();
      rare.controller = controller;
      const left = this.deadline - Date.now();
      if (this.cancelled) controller.abort();
      // Node takes a longer time for none at all; the ask itself still ends at its deadline.
      else if (left < 2 ** 31 && !this.done) {
        rare.timer = setTimeout(() => controller.abort(), Math.max(0, left));
        rare.timer.unref();
      }
    }
    return rare.controller.signal;
  }

  stash(): never {
    throw stashSignal;
  }

  cancel(): void {
    this.#flags |= flag.cancelled;
    this.#rare?.controller?.abort();
    clearTimeout(this.#rare?.timer);
  }

  finish(): void {
    this.#flags |= flag.done;
    if (this.#rare !== undefined) clearTimeout(this.#rare.timer);
  }

  #set(bit: number, on: boolean): void {
    if (on) this.#flags |= bit;
    else this.#flags &= ~bit;
  }
}
