import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { otlpBody } from './tracing-otlp.ts';
import type { Span } from './tracing-span.ts';

export interface ExporterOptions {
  /** OTLP/HTTP endpoint: its `/v1/traces`, or the address before it. */
  readonly endpoint: string;
  /** What all spans have in common: service, version, thread. */
  readonly resource: Readonly<Record<string, string>>;
}

/** Spans that wait; what comes beyond is dropped and counted. */
const limit = 4_096;
/** Spans in one request. */
const batch = 512;
const everyMs = 1_000;
const timeoutMs = 5_000;

/**
 * Sends spans to a collector in batches. It never makes an actor wait: while the collector is away or slow, spans
 * are dropped.
 */
export class SpanExporter {
  readonly #endpoint: URL;
  readonly #resource: Readonly<Record<string, string>>;
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #dropped = 0;
  #sent = 0;

  constructor({ endpoint, resource }: ExporterOptions) {
    this.#endpoint = new URL(endpoint);
    if (this.#endpoint.pathname === '/') this.#endpoint.pathname = '/v1/traces';
    this.#resource = resource;
  }

  get counts(): { readonly sent: number; readonly dropped: number } {
    return { sent: this.#sent, dropped: this.#dropped };
  }

  add(span: Span): void {
    if (this.#waiting.length >= limit) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= batch) void this.flush();
    else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.flush(), everyMs);
      this.#timer.unref();
    }
  }

  /** Sends what waits. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined) return this.#sending;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const spans = this.#waiting.splice(0, batch);
      try {
        await this.#send(otlpBody(spans, this.#resource));
        this.#sent += spans.length;
      } catch {
        // Not kept for another try: a collector that is away must cost neither memory nor time.
        this.#dropped += spans.length + this.#waiting.length;
        this.#waiting = [];
      }
    }
  }

  #send(body: string): Promise<void> {
    const open = this.#endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = open(
        this.#endpoint,
        {
          method: 'POST',
          agent: false,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
        },
        (response) => {
          response.resume();
          response.once('error', reject);
          response.once('end', () => {
            if ((response.statusCode ?? 500) < 300) resolve();
            else reject(new Error(`the collector answered ${response.statusCode}`));
          });
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  }
}
