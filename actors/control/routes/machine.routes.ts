import { Type } from 'typebox';
import { defineRoute } from '../define-route.ts';

/** The machine: its tree, health, self test, settings, metrics; restart of a part; stop. */
export const machineRoutes = [
  defineRoute({
    method: 'get',
    path: '/status',
    async answer({ context, args, url, adminUrl }) {
      const status = await context.part('motherboard').ask('status', null);
      return {
        ...status,
        ready: url !== null,
        url,
        adminUrl,
        socket: args.socket,
        dataDir: context.settings.dataDir,
      };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/health',
    answer: ({ context }) => context.part('motherboard').ask('healthCheck', null),
  }),
  defineRoute({
    method: 'get',
    path: '/post',
    answer: ({ context }) => context.part('motherboard').ask('post', null),
  }),
  defineRoute({
    method: 'get',
    path: '/metrics',
    answer: ({ context }) => context.part('motherboard').ask('metrics', null),
  }),
  defineRoute({
    method: 'get',
    path: '/settings',
    answer: async ({ args }) => args.settings,
  }),
  defineRoute({
    method: 'post',
    path: '/restart',
    body: Type.Object(
      { part: Type.String({ minLength: 1, maxLength: 64 }) },
      { additionalProperties: false },
    ),
    unaudited: 'proceed',
    act: ({ body }) => ({ action: 'part.restart', project: 'system', target: body.part }),
    answer: ({ context }, { body }) =>
      context.part('motherboard').ask('restart', { part: body.part }, { timeoutMs: 60_000 }),
  }),
  defineRoute({
    method: 'post',
    path: '/stop',
    body: Type.Object(
      { reason: Type.Optional(Type.String({ maxLength: 200 })) },
      { additionalProperties: false },
    ),
    unaudited: 'proceed',
    act: ({ body }) => ({ action: 'machine.stop', project: 'system', target: body.reason ?? 'asked to' }),
    answer: ({ context }, { body }) =>
      context.part('motherboard').ask('shutdown', { reason: body.reason ?? 'magflock stop' }),
  }),
];
