import type { ActorRef, AskOptions, Payload, Protocol, Reply } from '../actor/actor-ref.ts';
import type { ActorDefinition } from '../actor/define-actor.ts';
import { defineActor } from '../actor/define-actor.ts';
import type { Timers } from '../actor/timers.ts';
import type { MagFlockError } from '../errors/magflock-error.ts';
import { settled } from './settled.ts';

/** A message that a probe got. */
export interface Received<P, M extends keyof P & string = keyof P & string> {
  readonly method: M;
  readonly payload: Payload<P, M>;
  readonly asked: boolean;
  /** Answers an ask that no automatic answer has answered; for a tell nothing happens. */
  reply(value: Reply<P, M>): void;
  fail(error: MagFlockError): void;
}

export interface ProbeOptions<P> {
  /** Default `/probe`. */
  readonly path?: string;
  /** What asks are answered at once; others wait for `reply`. */
  readonly answers?: { readonly [M in keyof P & string]?: (payload: Payload<P, M>) => unknown };
  /** Clock of `expect`, for example that of a test kit; default the real one. */
  readonly timers?: Timers;
}

export interface Probe<P> extends ActorRef<P> {
  /** Everything it got, in order. */
  readonly received: readonly Received<P>[];
  /**
   * The next message of this method that was not expected before, now or within the time.
   * @param withinMs default 1,000
   * @throws Error that lists what came instead
   */
  expect<M extends keyof P & string>(method: M, withinMs?: number): Promise<Received<P, M>>;
  /** Fails when a message that was not expected is there or comes within the time (default 50 ms). */
  expectNothing(withinMs?: number): Promise<void>;
  /** The probe as an actor, for machines: what these methods get is received here. */
  actor(methods: readonly (keyof P & string)[]): ActorDefinition<null, P>;
}

const realTime: Timers = {
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds);
    return () => clearInterval(timer);
  },
};

/**
 * A ref that writes down what it gets, to be handed to an actor under test.
 * @example
 * const shop = createProbe<ShopProtocol>();
 * await kit.ask('order', { from: shop });
 * const { payload } = await shop.expect('sell');
 */
export function createProbe<P = Protocol>(options: ProbeOptions<P> = {}): Probe<P> {
  const { path = '/probe', timers = realTime } = options;
  const answers = (options.answers ?? {}) as Readonly<Record<string, (payload: unknown) => unknown>>;
  const received: Received<P>[] = [];
  const unexpected: Received<P>[] = [];
  const changed = new Set<() => void>();

  function take(method: string, payload: unknown, asked: boolean): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const message = { method, payload, asked, reply: resolve, fail: reject } as unknown as Received<P>;
    received.push(message);
    unexpected.push(message);
    const answer = answers[method];
    // In a promise, so that what it throws is the answer.
    if (answer !== undefined) (async () => answer(payload))().then(resolve, reject);
    for (const look of [...changed]) look();
    if (!asked) promise.catch(() => {});
    return promise;
  }

  /** Waits until `found` finds something; undefined when the time is over. */
  function wait<T>(withinMs: number, found: () => T | undefined): Promise<T | undefined> {
    const now = found();
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve) => {
      const end = (value: T | undefined): void => {
        changed.delete(look);
        cancel();
        resolve(value);
      };
      const look = (): void => {
        const value = found();
        if (value !== undefined) end(value);
      };
      changed.add(look);
      const cancel = timers.after(withinMs, () => end(undefined));
    });
  }

  const list = (messages: readonly Received<P>[]): string =>
    messages.length === 0 ? 'nothing' : messages.map(({ method }) => method).join(', ');

  return {
    path,
    received,
    ask: (method, payload, ask?: AskOptions) => settled(take(method, payload, true), timers, ask) as never,
    tell: (method, payload) => void take(method, payload, false).catch(() => {}),
    async expect<M extends keyof P & string>(method: M, withinMs = 1_000) {
      const message = await wait(withinMs, () => {
        const index = unexpected.findIndex((each) => each.method === method);
        return index < 0 ? undefined : unexpected.splice(index, 1)[0];
      });
      if (message !== undefined) return message as unknown as Received<P, M>;
      throw new Error(`${path} expected ${method} within ${withinMs} ms and got ${list(unexpected)}`);
    },
    async expectNothing(withinMs = 50) {
      await wait(withinMs, () => unexpected[0]);
      if (unexpected.length > 0) throw new Error(`${path} expected nothing and got ${list(unexpected)}`);
    },
    actor: (methods) =>
      defineActor<null, P>({
        name: 'probe',
        version: '0.0.0',
        concurrency: Number.MAX_SAFE_INTEGER,
        init: () => null,
        methods: Object.fromEntries(
          methods.map((method) => [
            method,
            async (_state: null, payload: unknown, { deadline }: { readonly deadline: number }) => {
              const asked = deadline !== Number.POSITIVE_INFINITY;
              const answer = take(method, payload, asked);
              return asked ? answer : undefined;
            },
          ]),
        ) as never,
      }),
  };
}
