import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { defineActor } from '../../../runtime/actor/define-actor.ts';
import { createActorSystem } from '../../../runtime/actor-system.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { ListenersArgs } from './listeners.actor.ts';
import { measurePublish } from './measure-publish.ts';
import { type News, Receipts, threads } from './receipts.ts';

const by = process.argv[2] as ListenersArgs['by'];
const receipts = new Receipts();
const system = await createActorSystem();
for (let thread = 0; thread < threads; thread++) {
  await system.start({
    id: `listeners-${thread}`,
    module: moduleUrl('./listeners.actor', import.meta.url),
    args: { memory: receipts.memory, by } satisfies ListenersArgs,
    placement: { kind: 'thread' },
  });
}
const { promise: publisher, resolve } = Promise.withResolvers<ActorContext>();
system.spawn(
  defineActor<null, object>({
    name: 'publisher',
    version: '1.0.0',
    init: (context) => {
      resolve(context);
      return null;
    },
    methods: {},
  }),
);
const context = await publisher;
const news = context.topic<News>('news');

measurePublish(
  receipts,
  by === 'topic'
    ? (message) => news.publish(message)
    : ({ number, text }) => context.events.emit('auth.key.revoked', { project: text, id: String(number) }),
  () => system.stop(),
);
