import { Type } from 'typebox';
import { defineRoute } from '../define-route.ts';

/** An ask that is sent again is answered within its deadline of 30 s. */
const patience = 35_000;

/** Messages and events that reached nobody: list, send again, forget. */
export const deadLetterRoutes = [
  defineRoute({
    method: 'get',
    path: '/dead-letters',
    query: Type.Object(
      { limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}$' })) },
      { additionalProperties: false },
    ),
    answer: ({ context }, { query }) =>
      context.part('motherboard').ask('deadLetters', { limit: Number(query.limit ?? 100) }),
  }),
  defineRoute({
    method: 'post',
    path: '/dead-letters/:id/replay',
    act: ({ params }) => ({
      action: 'dead-letter.replay',
      project: 'system',
      target: params['id'] ?? '',
    }),
    answer: ({ context }, { params }) =>
      context
        .part('motherboard')
        .ask('replayDeadLetter', { id: params['id'] ?? '' }, { timeoutMs: patience }),
  }),
  defineRoute({
    method: 'delete',
    path: '/dead-letters',
    act: () => ({ action: 'dead-letters.clear', project: 'system' }),
    answer: ({ context }) => context.part('motherboard').ask('clearDeadLetters', null),
  }),
];
