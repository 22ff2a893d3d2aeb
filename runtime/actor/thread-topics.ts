import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import { TopicOutflow } from './topic-outflow.ts';
import { TopicReceipt } from './topic-receipt.ts';
import { TopicSubscriber } from './topic-subscriber.ts';
import { unanswered } from './unanswered.ts';

/** What the topics of a thread need of it. */
export interface TopicHost {
  readonly thread: string;
  /** This thread has its first, or no more, subscriber to a topic; every other thread is to know. */
  interested(name: string, interested: boolean): void;
  /** To the subscribers of another thread. */
  sendTopic(thread: string, name: string, from: string, payload: unknown): void;
  /** They took so many. */
  sendTaken(thread: string, name: string, count: number): void;
  /** A message for which there is no room anywhere. */
  lostTopic(name: string, from: string, error: MagFlockError): void;
}

/** A change of who subscribes to what. */
export interface TopicInterest {
  readonly thread: string;
  readonly name: string;
  readonly interested: boolean;
}

interface LocalTopic {
  subscribers: readonly TopicSubscriber[];
  readonly known: Promise<void>;
  readonly resolveKnown: () => void;
}

/** Messages of one publishing thread that were taken here and not reported yet. */
interface Inflow {
  count: number;
  closed: boolean;
}

/**
 * The topics of one thread. A message goes once to each thread that has subscribers, over the port between the two
 * threads, in the same post as everything else of its tick; there it is put into the mailboxes.
 */
export class ThreadTopics {
  readonly #host: TopicHost;
  readonly #local = new Map<string, LocalTopic>();
  /** Where else there are subscribers, with what is on its way to them. */
  readonly #flows = new Map<string, Map<string, TopicOutflow>>();
  readonly #inflows = new Map<string, Map<string, Inflow>>();

  constructor(host: TopicHost) {
    this.#host = host;
  }

  /** Subscriptions of actors of this thread. */
  get size(): number {
    let size = 0;
    for (const { subscribers } of this.#local.values()) size += subscribers.length;
    return size;
  }

  publish(name: string, from: string, payload: unknown): void | Promise<void> {
    const flows = this.#flows.get(name);
    if (flows === undefined) return;
    let behind: Promise<void>[] | undefined;
    for (const flow of flows.values()) {
      const sent = flow.push(from, payload);
      if (sent === true) continue;
      if (sent === 'lost') {
        const error = new MagFlockError(
          'MF603',
          `too many messages of topic ${name} wait for its subscribers`,
        );
        this.#host.lostTopic(name, from, error);
      }
      behind ??= [];
      behind.push(flow.room());
    }
    return behind === undefined ? undefined : Promise.all(behind).then(() => {});
  }

  /** @returns the subscription's end, and when every thread knows of it */
  subscribe(
    cell: ActorCell,
    name: string,
    handler: ((message: never) => unknown) | string,
  ): { readonly end: () => void; readonly known: Promise<void> } {
    const topic = this.#local.get(name) ?? this.#begin(name);
    const subscriber = new TopicSubscriber(cell, name, handler);
    topic.subscribers = [...topic.subscribers, subscriber];
    const end = () => {
      if (subscriber.over) return;
      subscriber.over = true;
      topic.subscribers = topic.subscribers.filter((each) => each !== subscriber);
      if (topic.subscribers.length === 0 && this.#local.get(name) === topic) this.#end(name, topic);
    };
    return { end, known: topic.known };
  }

  /** Every thread knows that this one is interested. */
  known(name: string): void {
    this.#local.get(name)?.resolveKnown();
  }

  /** Other threads' interest has changed. */
  update(changes: readonly TopicInterest[]): void {
    for (const { thread, name, interested } of changes) {
      if (thread === this.#host.thread) continue;
      if (interested)
        this.#flow(name, thread, (from, payload) => this.#host.sendTopic(thread, name, from, payload));
      else this.#closeFlow(name, thread);
    }
  }

  /** From another thread. */
  receive(thread: string, name: string, from: string, payload: unknown): void {
    const inflows = this.#inflows.get(thread) ?? new Map<string, Inflow>();
    this.#inflows.set(thread, inflows);
    const inflow = inflows.get(name) ?? { count: 0, closed: false };
    inflows.set(name, inflow);
    this.#deliver(name, from, payload, true, () => {
      inflow.count += 1;
      if (inflow.closed || inflow.count < TopicOutflow.reportEvery) return;
      this.#host.sendTaken(thread, name, inflow.count);
      inflow.count = 0;
    });
  }

  taken(thread: string, name: string, count: number): void {
    this.#flows.get(name)?.get(thread)?.taken(count);
  }

  /** A thread has ended, with its subscribers and its publishers. */
  threadDown(thread: string): void {
    for (const name of [...this.#flows.keys()]) this.#closeFlow(name, thread);
    for (const inflow of this.#inflows.get(thread)?.values() ?? []) inflow.closed = true;
    this.#inflows.delete(thread);
  }

  #begin(name: string): LocalTopic {
    const { promise, resolve } = Promise.withResolvers<void>();
    const topic: LocalTopic = { subscribers: [], known: promise, resolveKnown: resolve };
    this.#local.set(name, topic);
    const { thread } = this.#host;
    this.#flow(name, thread, (from, payload) => {
      this.#deliver(name, from, payload, false, () => this.taken(thread, name, 1));
    });
    this.#host.interested(name, true);
    return topic;
  }

  #end(name: string, topic: LocalTopic): void {
    this.#local.delete(name);
    this.#closeFlow(name, this.#host.thread);
    this.#host.interested(name, false);
    topic.resolveKnown();
  }

  #flow(name: string, thread: string, send: (from: string, payload: unknown) => void): void {
    const flows = this.#flows.get(name) ?? new Map<string, TopicOutflow>();
    this.#flows.set(name, flows);
    if (!flows.has(thread)) flows.set(thread, new TopicOutflow(send));
  }

  #closeFlow(name: string, thread: string): void {
    const flows = this.#flows.get(name);
    flows?.get(thread)?.close();
    flows?.delete(thread);
    if (flows?.size === 0) this.#flows.delete(name);
  }

  /** @param atOnce nothing is above on the stack: idle actors run it now */
  #deliver(name: string, from: string, payload: unknown, atOnce: boolean, taken: () => void): void {
    const subscribers = this.#local.get(name)?.subscribers ?? [];
    let receipt: TopicReceipt | undefined;
    for (const subscriber of subscribers) {
      if (subscriber.over) continue;
      const { cell } = subscriber;
      if (cell.waits) {
        receipt ??= new TopicReceipt(taken);
        cell.enqueue(subscriber.message(receipt.source(), payload, from));
      } else if (atOnce) cell.deliver(subscriber, payload, from);
      else cell.enqueue(subscriber.message(unanswered, payload, from));
    }
    if (receipt === undefined) taken();
    else receipt.done();
  }
}
