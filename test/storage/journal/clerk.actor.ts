import { defineActor } from '../../../runtime/actor/define-actor.ts';
import type { BooksProtocol } from './books.actor.ts';

/** Enters the number of each project that is created into the books, once: under the id of the event. */
export const actor = defineActor<import('../../../runtime/actor/actor-context.ts').ActorContext, object>({
  name: 'clerk',
  version: '1.0.0',
  init: (context) => context,
  async start(context) {
    const books = context.ref<BooksProtocol>('/books');
    await context.events.onDurable(
      'project.created',
      async ({ project }, { id }) => void (await books.ask('add', Number(project), { id })),
      { retryMs: 50 },
    );
  },
  methods: {},
});
