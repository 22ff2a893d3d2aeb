import { MessageChannel } from 'node:worker_threads';
import type { EndReason } from '../actor/terminated.ts';
import type { Connection } from '../port/link.ts';
import { slots } from '../port/wire-record.ts';
import type { ActorHost } from './actor-host.ts';
import type { Route } from './route.ts';
import type { Thread } from './thread.ts';
import type { ToThread } from './thread-control.ts';
import { TopicDirectory } from './topic-directory.ts';

/** Name of the main thread among threads. */
const main = 'main';
/** Milliseconds a thread gets to say that it has heard of a route. */
const heardMs = 5_000;

/**
 * Connects threads with each other. A pair gets one port the first time one of them has something to say to
 * the other, made here and handed to both, so that what they say does not pass the main thread.
 */
export class Switchboard {
  readonly #host: ActorHost;
  readonly topics: TopicDirectory;
  readonly #threads = new Map<string, Thread>();
  /** Pairs that are connected, as `a#1|b#3`. */
  readonly #pairs = new Set<string>();
  /** Threads that wait for a thread which does not live now. */
  readonly #wanted = new Map<string, Set<string>>();

  constructor(host: ActorHost) {
    this.#host = host;
    this.topics = new TopicDirectory(host, () => this.threads());
  }

  thread(name: string): Thread | undefined {
    return this.#threads.get(name);
  }

  threads(): readonly Thread[] {
    return [...this.#threads.values()];
  }

  /** A new thread lives. */
  add(thread: Thread): void {
    this.#threads.set(thread.name, thread);
    this.topics.add(thread);
    const waiting = this.#wanted.get(thread.name) ?? [];
    this.#wanted.delete(thread.name);
    for (const from of waiting) this.connect(from, thread.name);
  }

  /** A thread has ended: everybody hears of it at once. */
  remove(thread: Thread, reason?: EndReason): void {
    if (this.#threads.get(thread.name) === thread) this.#threads.delete(thread.name);
    this.topics.remove(thread.name);
    const tag = `${thread.name}#${thread.incarnation}`;
    for (const pair of this.#pairs) if (pair.split('|').includes(tag)) this.#pairs.delete(pair);
    for (const waiting of this.#wanted.values()) waiting.delete(thread.name);
    this.#host.threadDown(thread.name, thread.incarnation, reason);
    this.#broadcast({ kind: 'down', thread: thread.name, incarnation: thread.incarnation, reason });
  }

  /** `from` has something to say to `to`. */
  connect(from: string, to: string): void {
    const incarnations = [this.#incarnation(from), this.#incarnation(to)];
    if (incarnations[0] === undefined || from === to) return;
    if (incarnations[1] === undefined) {
      const waiting = this.#wanted.get(to) ?? new Set();
      this.#wanted.set(to, waiting.add(from));
      return;
    }
    const pair = [`${from}#${incarnations[0]}`, `${to}#${incarnations[1]}`].sort().join('|');
    if (this.#pairs.has(pair)) return;
    this.#pairs.add(pair);
    const { port1, port2 } = new MessageChannel();
    const there = new SharedArrayBuffer(slots);
    const back = new SharedArrayBuffer(slots);
    this.#hand(from, to, { port: port1, incarnation: incarnations[1], sent: there, received: back });
    this.#hand(to, from, { port: port2, incarnation: incarnations[0], sent: back, received: there });
  }

  /** Connects `to` with everybody `from` is connected with: they will write to it next. */
  connectLike(from: string, to: string): void {
    const peers = [...this.#pairs]
      .map((pair) => pair.split('|').map((end) => end.slice(0, end.lastIndexOf('#'))))
      .filter((pair) => pair.includes(from))
      .flat();
    for (const peer of new Set(peers)) if (peer !== from && peer !== to) this.connect(peer, to);
  }

  /** The same as `announce`. @returns resolves when every thread that lives has heard it */
  async announceToAll(routes: readonly Route[]): Promise<void> {
    const threads = [...this.#threads.values()];
    const heard = threads.map((thread) => thread.order('routes', { routes }, heardMs));
    this.#host.routes.update(routes);
    await Promise.allSettled(heard);
  }

  /** Tells every thread what has become of these actors. */
  announce(routes: readonly Route[]): void {
    this.#broadcast({ kind: 'routes', routes });
    this.#host.routes.update(routes);
  }

  #incarnation(name: string): number | undefined {
    return name === main ? 1 : this.#threads.get(name)?.incarnation;
  }

  #hand(to: string, peer: string, connection: Connection): void {
    if (to === main) this.#host.attach(peer, connection);
    else this.#threads.get(to)?.send({ kind: 'connect', peer, connection }, [connection.port]);
  }

  #broadcast(message: ToThread): void {
    for (const thread of this.#threads.values()) thread.send(message);
  }
}
