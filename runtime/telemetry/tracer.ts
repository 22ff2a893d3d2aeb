import { randomFillSync } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Message } from '../actor/message.ts';
import { isSampled } from './tracing-sample.ts';
import type { Span } from './tracing-span.ts';

export interface TracerOptions {
  /** Percent of the traces that are kept, decided by the trace id alone, so that every thread decides the same. */
  readonly percent: number;
  /** A span has ended. */
  onSpan(span: Span): void;
}

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

/**
 * Makes a span of each asked message. While the message runs, its `trace` names that span, so that asks made in it
 * become its children, in whatever thread they run.
 */
export class Tracer {
  readonly #options: TracerOptions;
  readonly #open = new Map<Message, Omit<Span, 'end' | 'error'>>();
  readonly #random = Buffer.alloc(4_096);
  #at = this.#random.length;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  /** A message starts. @param actor path of the actor that runs it */
  begin(actor: string, message: Message): void {
    // One that comes out of the stash goes on with the span it had.
    if (!message.asked || this.#open.has(message)) return;
    const from = message.trace === undefined ? null : traceparent.exec(message.trace);
    const traceId = from?.[1] ?? this.#hex(16);
    const spanId = this.#hex(8);
    const sampled = isSampled(traceId, this.#options.percent);
    message.trace = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
    if (!sampled) return;
    const start = performance.timeOrigin + performance.now();
    const { method, from: sender } = message;
    this.#open.set(message, { traceId, spanId, parentId: from?.[2], actor, method, from: sender, start });
  }

  /** It has its outcome. @param error code of its error */
  end(message: Message, error: string | undefined): void {
    const span = this.#open.get(message);
    if (span === undefined) return;
    this.#open.delete(message);
    this.#options.onSpan({ ...span, end: performance.timeOrigin + performance.now(), error });
  }

  /** Random bytes are asked for in hundreds: one call for each span would cost more than the span. */
  #hex(bytes: number): string {
    if (this.#at + bytes > this.#random.length) {
      randomFillSync(this.#random);
      this.#at = 0;
    }
    this.#at += bytes;
    return this.#random.toString('hex', this.#at - bytes, this.#at);
  }
}
