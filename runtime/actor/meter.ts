import { performance } from 'node:perf_hooks';
import type { Message } from './message.ts';
import { MeterHistogram } from './meter-histogram.ts';
import type { MeterTap } from './meter-tap.ts';
import type { QuotaGuard } from './quota-guard.ts';

/** What a meter says of its actor. Times in milliseconds. */
export interface MeterReading {
  /** Messages per second: in the last whole second, and averaged over about a minute. */
  readonly rate: number;
  readonly rateMinute: number;
  /** From the start of a message to its outcome, over the last half to whole minute; 0 when there was none. */
  readonly p50: number;
  readonly p99: number;
  /** Longest synchronous run of a method that was seen. */
  readonly longestTurn: number;
  /** Estimate of all synchronous runs together, since the actor was first started. */
  readonly turnTotal: number;
}

/** Messages measured in one second before only some of them are. */
const wholeSeconds = 1_000;
/** While it is busy, one message in so many is measured: two clock readings cost a tenth of a short message. */
const busyStride = 64;
const minute = 1 - Math.exp(-1 / 60);

/**
 * Times of one actor's messages. Up to a thousand a second all of them are measured, beyond that one in up to 64,
 * which stands for the others.
 */
export class Meter {
  /** Limits of the actor, when it has some. */
  quota: QuotaGuard | undefined;
  readonly #service = new MeterHistogram();
  #tap: MeterTap | undefined;
  #stride = 1;
  #skip = 1;
  #measured = 0;
  #longest = 0;
  #turns = 0;
  #before = 0;
  #seconds = 0;
  #rate = 0;
  #rateMinute = 0;

  /** Notes every message while somebody watches; then each is measured. */
  get tap(): MeterTap | undefined {
    return this.#tap;
  }

  set tap(tap: MeterTap | undefined) {
    this.#tap = tap;
    this.#skip = 1;
  }

  /** A message starts. @returns when, or 0 when this one is not measured */
  begin(): number {
    this.quota?.ran();
    if (--this.#skip > 0) return 0;
    this.#measured += 1;
    if (this.#measured > wholeSeconds) this.#stride = busyStride;
    this.#skip = this.#weight;
    return performance.now();
  }

  /** Messages that a measured one stands for. */
  get #weight(): number {
    return this.#tap === undefined && this.quota?.measures !== true ? this.#stride : 1;
  }

  /** Its method has returned, or awaits. @param at what `begin` gave, not 0 */
  turned(at: number): void {
    const ms = performance.now() - at;
    this.#turns += ms * this.#weight;
    if (ms > this.#longest) this.#longest = ms;
    this.quota?.turned(ms);
  }

  /** It has its outcome. */
  settled(at: number, message: Message, error: string | undefined): void {
    const ms = performance.now() - at;
    this.#service.add(ms, this.#weight);
    this.#tap?.note(message, ms, error);
  }

  /** A second has passed. @param handled messages run since the actor was made */
  tick(handled: number): void {
    this.#rate = handled - this.#before;
    this.#before = handled;
    this.#rateMinute += (this.#rate - this.#rateMinute) * (this.#seconds === 0 ? 1 : minute);
    this.#measured = 0;
    this.#stride = Math.min(busyStride, Math.max(1, Math.ceil(this.#rate / wholeSeconds)));
    this.#seconds += 1;
    if (this.#seconds % 30 === 0) this.#service.rotate();
    if (this.#tap?.expired === true) this.tap = undefined;
  }

  read(): MeterReading {
    return {
      rate: this.#rate,
      rateMinute: this.#rateMinute,
      p50: this.#service.quantile(0.5),
      p99: this.#service.quantile(0.99),
      longestTurn: this.#longest,
      turnTotal: this.#turns,
    };
  }
}
