import { Registry } from 'prom-client';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import type { ActorCell } from '../actor/actor-cell.ts';
import type { ActorRef, AskOptions, Protocol } from '../actor/actor-ref.ts';
import type { Job } from '../actor/mailbox.ts';
import type { EndReason } from '../actor/terminated.ts';
import type { ThreadTopics } from '../actor/thread-topics.ts';
import { checkEvent } from '../bus/check-event.ts';
import type { DeadLetter } from '../bus/dead-letter.ts';
import type { EventName } from '../bus/event-catalog.ts';
import type { EventDelivery, EventPort } from '../bus/event-port.ts';
import { ThreadEvents } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { ActorHost } from '../placement/actor-host.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Answer } from './faulty-answers.ts';
import { runAsJob } from './run-as-job.ts';
import { settled } from './settled.ts';
import { VirtualTimers } from './virtual-timers.ts';

export interface KitSurroundings {
  readonly settings?: Partial<Settings>;
  /** What other parts answer: `{ storage: { query: () => ({ rows: [], count: 0 }) } }`. */
  readonly parts?: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
  /** Refs by path, for example probes: `{ '/shop': probe }`. */
  readonly refs?: Readonly<Record<string, ActorRef<never>>>;
  readonly replicas?: Readonly<Record<string, unknown>>;
}

interface Handler {
  readonly name: string;
  readonly priority: number;
  readonly cell: ActorCell;
  readonly run: (payload: never, delivery: EventDelivery) => void | Promise<void>;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The runtime of a thread with nothing around it: what its actors do to the outside is written down. */
export class KitHost extends ActorHost {
  readonly sent: { readonly part: string; readonly method: string; readonly payload: unknown }[] = [];
  readonly announced: { readonly name: EventName; readonly payload: unknown }[] = [];
  readonly published: unknown[] = [];
  readonly ends: { readonly name: string; readonly incarnation: number; readonly reason: EndReason }[] = [];
  readonly topicMessages: { readonly topic: string; readonly message: unknown }[] = [];
  readonly clock = new VirtualTimers();
  readonly logged: { readonly level: string; readonly line: readonly unknown[] }[];
  readonly deadLetters: DeadLetter[];
  readonly #surroundings: KitSurroundings;
  readonly #handlers: Handler[] = [];
  readonly #publishTopic: ThreadTopics['publish'];

  constructor(surroundings: KitSurroundings) {
    const defaults = Object.entries(settingDefinitions).map(([name, setting]) => [name, setting.default]);
    const logged: { level: string; line: readonly unknown[] }[] = [];
    const letters: DeadLetter[] = [];
    const note = (level: string) => [
      level,
      (...line: readonly unknown[]) => void logged.push({ level, line }),
    ];
    const log = Object.fromEntries(levels.map(note)) as unknown as Logger;
    super({
      thread: 'test',
      settings: { ...Object.fromEntries(defaults), ...surroundings.settings } as Settings,
      metrics: new Registry(),
      events: new ThreadEvents({ emit: () => {}, interested: () => {}, lost: () => {}, missed: () => {} }),
      logger: () => log,
      control: {
        connect: () => {},
        lateReplica: () => {},
        deadLetter: (letter) => void letters.push(letter),
        exited: (name, incarnation, reason) => void this.ends.push({ name, incarnation, reason }),
        blocked: () => {},
        topic: (name) => queueMicrotask(() => this.topics.known(name)),
        crash(error) {
          throw error;
        },
      },
    });
    this.#surroundings = surroundings;
    this.logged = logged;
    this.deadLetters = letters;
    for (const name of this.#around()) this.partStarts(name);
    const { topics } = this;
    this.#publishTopic = topics.publish.bind(topics);
    topics.publish = (topic, from, message) => {
      this.topicMessages.push({ topic, message });
      return this.#publishTopic(topic, from, message);
    };
  }

  timers(enqueue: (job: Job) => void) {
    return this.clock.of(enqueue);
  }

  override part(name: string, from: string): ActorRef<never> {
    return this.ref(`/${name}`, from) as unknown as ActorRef<never>;
  }

  override ref(path: string, from: string): ActorRef<Protocol> {
    const given = this.#surroundings.refs?.[path] as ActorRef<Protocol> | undefined;
    // Under the path it was asked by: whoever watches it means that.
    if (given !== undefined) {
      const ask = given.ask.bind(given) as ActorRef<Protocol>['ask'];
      return { path, ask, tell: (method, payload) => given.tell(method, payload) };
    }
    const part = path.split('/')[1] as string;
    const here = this.routes.get(part)?.thread === this.thread;
    return here ? super.ref(path, from) : this.#recorder(path.slice(1));
  }

  override eventPort(cell: ActorCell): { readonly port: EventPort; readonly close: () => void } {
    const own = new Set<() => void>();
    const add = (name: string, run: Handler['run'], priority = 0): (() => void) => {
      const handler = { name, priority, cell, run };
      this.#handlers.push(handler);
      this.#handlers.sort((a, b) => b.priority - a.priority);
      const end = () => {
        const index = this.#handlers.indexOf(handler);
        if (index >= 0) this.#handlers.splice(index, 1);
      };
      own.add(end);
      return end;
    };
    const port: EventPort = {
      emit: (name, payload) => {
        checkEvent(name, payload);
        this.announced.push({ name, payload });
      },
      on: (name, handler, options) => add(name, handler as Handler['run'], options?.priority),
      onDurable: async (name, handler) => {
        const end = add(name, handler as Handler['run']);
        return Object.assign(end, { forget: async () => end() });
      },
    };
    const close = () => {
      for (const end of own) end();
    };
    return { port, close };
  }

  /** Hands an event to its subscriptions, and waits for them. */
  async announce(name: EventName, payload: unknown): Promise<void> {
    checkEvent(name, payload);
    const delivery = { id: `${name}-${this.#handlers.length}`, at: new Date().toISOString(), attempt: 1 };
    for (const { cell, run } of this.#handlers.filter((each) => each.name === name)) {
      await runAsJob(
        (job) => cell.enqueueTimer(job),
        () => run(payload as never, delivery),
      );
    }
  }

  /** A part around the actor begins a life; those of the test do so at first. */
  partStarts(name: string): void {
    const incarnation = (this.routes.get(name)?.incarnation ?? 0) + 1;
    this.routes.update([{ name, thread: 'elsewhere', state: 'ready', incarnation }]);
  }

  /** Its life ends, which those that watch it or are linked to it hear of. */
  partEnds(name: string, reason: EndReason): void {
    const incarnation = this.routes.get(name)?.incarnation ?? 0;
    this.routes.update([{ name, thread: 'elsewhere', state: 'pending', incarnation, ended: reason }]);
  }

  /** Somebody else publishes to a topic. */
  async publishTo(topic: string, message: unknown): Promise<void> {
    await this.#publishTopic(topic, '/test', structuredClone(message));
    await new Promise((resolve) => setImmediate(resolve));
  }

  #around(): readonly string[] {
    const paths = Object.keys(this.#surroundings.refs ?? {}).map((path) => path.split('/')[1] as string);
    return [...new Set([...Object.keys(this.#surroundings.parts ?? {}), ...paths])];
  }

  override replica(name: string): never {
    const replica = this.#surroundings.replicas?.[name];
    if (replica === undefined) throw new MagFlockError('MF611', `the test has no replica of ${name}`);
    return replica as never;
  }

  override async publish(_cell: ActorCell, delta: unknown): Promise<void> {
    this.published.push(structuredClone(delta));
  }

  #recorder(part: string): ActorRef<Protocol> {
    const methods = this.#surroundings.parts?.[part];
    const run = async (method: string, payload: unknown) => {
      this.sent.push({ part, method, payload });
      const answer = methods?.[method];
      if (answer === undefined) throw new MagFlockError('MF604', `the test has no ${part}.${method}`);
      return answer(payload as never, this.clock);
    };
    return {
      path: `/${part}`,
      ask: (method: string, payload: unknown, options?: AskOptions) =>
        settled(run(method, payload), this.clock, options) as Promise<never>,
      tell: (method: string, payload: unknown) => void run(method, payload).catch(() => {}),
    };
  }
}
