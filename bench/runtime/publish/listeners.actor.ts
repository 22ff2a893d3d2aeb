import { defineActor } from '../../../runtime/actor/define-actor.ts';
import { type News, Receipts, subscribersPerThread } from './receipts.ts';

export interface ListenersArgs {
  readonly memory: SharedArrayBuffer;
  readonly by: 'topic' | 'event';
}

const listener = defineActor<null, object, { receipts: Receipts; by: ListenersArgs['by'] }>({
  name: 'listener',
  version: '1.0.0',
  init: async (context, { receipts, by }) => {
    if (by === 'event') context.events.on('auth.key.revoked', () => receipts.count());
    else await context.topic<News>('news').subscribe(() => receipts.count()).known;
    return null;
  },
  methods: {},
});

/** The subscribers of one thread, an actor each. */
export const actor = defineActor<null, object, ListenersArgs>({
  name: 'listeners',
  version: '1.0.0',
  init: (context, { memory, by }) => {
    const receipts = new Receipts(memory);
    for (let index = 0; index < subscribersPerThread; index++) {
      context.spawn(listener, { args: { receipts, by } });
    }
    return null;
  },
  methods: {},
});
