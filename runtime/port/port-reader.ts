import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Deque } from '../actor/deque.ts';
import { LoopShare } from '../actor/loop-share.ts';
import type { LinkInbox } from './link-inbox.ts';

/** Records read between two looks at what is left of the share. */
const chunk = 64;
/** Elements of a record, about. */
const recordSize = 4;

/**
 * Reads the batches of a port. All that are there are read at once, which is what makes a busy link fast, but no
 * more than a share: a peer that posts faster than this thread reads would keep its timers, its other ports and its
 * other actors waiting for ever.
 */
export class PortReader {
  readonly #port: MessagePort;
  readonly #inbox: LinkInbox;
  readonly #share = new LoopShare(() => this.#goOn());
  /** Batches that came while the event loop had its turn; the first may be read in part. */
  readonly #batches = new Deque<readonly unknown[]>();
  #at = 0;
  #resting = false;
  #first: (() => void) | undefined;
  #closed = false;

  /** @param flush called when the first batch of several has been read */
  constructor(port: MessagePort, inbox: LinkInbox, flush: () => void) {
    this.#port = port;
    this.#inbox = inbox;
    port.on('message', (batch: unknown[]) => {
      this.#batches.push(batch);
      if (this.#resting) return;
      this.#first = flush;
      this.#read();
    });
  }

  /** The peer has ended: everything it posted is read, however long it takes. */
  readAll(): void {
    while (this.#readChunk());
  }

  close(): void {
    this.#closed = true;
    this.#port.close();
  }

  #goOn(): void {
    this.#resting = false;
    if (!this.#closed) this.#read();
  }

  #read(): void {
    this.#share.begin();
    while (this.#readChunk()) {
      if (!this.#share.usedUp) continue;
      this.#resting = true;
      this.#share.again();
      break;
    }
    this.#share.end();
  }

  /** @returns false when there is nothing to read */
  #readChunk(): boolean {
    const batch = this.#batches.peek() ?? this.#next();
    if (batch === undefined) return false;
    const from = this.#at;
    this.#at = this.#inbox.receive(batch, from, chunk);
    this.#share.use(Math.ceil((this.#at - from) / recordSize));
    if (this.#at >= batch.length) {
      this.#batches.shift();
      this.#at = 0;
      this.#first?.();
      this.#first = undefined;
    }
    return true;
  }

  #next(): readonly unknown[] | undefined {
    const next = receiveMessageOnPort(this.#port) as { message: unknown[] } | undefined;
    if (next !== undefined) this.#batches.push(next.message);
    return next?.message;
  }
}
