import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';

interface CounterProtocol {
  add(amount: number): number;
}

const counter = defineActor<{ total: number }, CounterProtocol, { readonly from: number }>({
  name: 'counter',
  version: '1.0.0',
  init: (_context, { from }) => ({ total: from }),
  methods: { add: ({ total }, amount) => total + amount },
});

export async function routers(
  context: ActorContext,
  refs: readonly ActorRef<CounterProtocol>[],
): Promise<void> {
  const one = context.router(refs, { strategy: 'round-robin' });
  (await one.ask('add', 1)) satisfies number;
  // @ts-expect-error: a router knows the protocol of those behind it
  await one.ask('subtract', 1);
  // @ts-expect-error: and the payloads
  await one.ask('add', 'one');

  const all = context.router({ definition: counter, size: 2, args: { from: 1 } }, { strategy: 'broadcast' });
  const gathered = await all.ask('add', 1);
  gathered satisfies readonly PromiseSettledResult<number>[];
  // @ts-expect-error: an ask of all gives an outcome for each
  gathered satisfies number;
}

export async function entities(context: ActorContext): Promise<void> {
  const all = context.entities(counter, { args: (key) => ({ from: key.length }) });
  (await all.ref('a').ask('add', 1)) satisfies number;
  // @ts-expect-error: a ref to an entity knows its protocol
  all.ref('a').tell('subtract', 1);
  // @ts-expect-error: its arguments are those of its definition
  context.entities(counter, { args: () => ({ from: 'one' }) });
}

export function topics(context: ActorContext): void {
  const news = context.topic<{ readonly title: string }>('news');
  news.subscribe(({ title }) => void title.length);
  void news.publish({ title: 'it works' });
  // @ts-expect-error: a topic knows what is published
  void news.publish('it works');
}
