import { randomUUID } from 'node:crypto';
import type { CallContext } from './define-actor.ts';

/** Where the outcome of a message goes: the port it came from, or the asker in the same thread. */
export interface MessageSource {
  /** The message is about to run: from now on it is never run again. */
  started(slot: number): void;
  reply(slot: number, value: unknown): void;
  fail(slot: number, error: unknown): void;
  /** It will not run, and nobody waits for an answer (expired, cancelled). */
  release(slot: number): void;
}

/** `aborted` is looked at and listened to rarely; a controller is made only then. */
type LazySignal = AbortController | undefined;

/** A message on its way through a mailbox; while it runs it is also the call its method sees. */
export class Message implements CallContext {
  readonly source: MessageSource;
  readonly slot: number;
  readonly asked: boolean;
  /** Name of the actor it is for. */
  readonly to: string;
  readonly method: string;
  readonly payload: unknown;
  readonly from: string;
  readonly deadline: number;
  readonly high: boolean;
  readonly trace: string | undefined;
  /** Estimated bytes, set by the mailbox. */
  bytes = 0;
  /** Waits in a mailbox; the mailbox's own business. */
  queued = false;
  /** Nobody waits any more; it is not run when it has not started. */
  cancelled = false;
  /** Answered. A context that still points here (a server made during the call) has no deadline any more. */
  done = false;
  #controller: LazySignal;
  #timer: NodeJS.Timeout | undefined;
  #id: string | undefined;

  constructor(
    source: MessageSource,
    slot: number,
    asked: boolean,
    to: string,
    method: string,
    payload: unknown,
    from: string,
    deadline: number,
    high: boolean,
    trace: string | undefined,
  ) {
    this.source = source;
    this.slot = slot;
    this.asked = asked;
    this.to = to;
    this.method = method;
    this.payload = payload;
    this.from = from;
    this.deadline = deadline;
    this.high = high;
    this.trace = trace;
  }

  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.cancelled) this.#controller.abort();
      else if (this.deadline !== Number.POSITIVE_INFINITY && !this.done) {
        this.#timer = setTimeout(() => this.#controller?.abort(), Math.max(0, this.deadline - Date.now()));
        this.#timer.unref();
      }
    }
    return this.#controller.signal;
  }

  cancel(): void {
    this.cancelled = true;
    this.#controller?.abort();
    clearTimeout(this.#timer);
  }

  finish(): void {
    this.done = true;
    clearTimeout(this.#timer);
  }
}
