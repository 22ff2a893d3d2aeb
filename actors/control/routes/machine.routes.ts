import { Type } from 'typebox';
import { type SettingDefinition, settingDefinitions } from '../../../config/settings.ts';
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
    // With the values that have changed since the start.
    answer: async ({ args, context }) =>
      args.settings.map((setting) => {
        const { secret }: SettingDefinition = settingDefinitions[setting.name];
        const value = secret === true ? undefined : context.settings[setting.name];
        return value === undefined ? setting : { ...setting, value };
      }),
  }),
  defineRoute({
    method: 'post',
    path: '/settings',
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 64 }),
        value: Type.String({ maxLength: 4096 }),
      },
      { additionalProperties: false },
    ),
    act: ({ body }) => ({
      action: 'settings.set',
      project: 'system',
      target: body.name,
      payload: body.value,
    }),
    answer: ({ context }, { body }) => context.part('motherboard').ask('setSetting', body),
  }),
  defineRoute({
    method: 'post',
    path: '/settings/reload',
    act: () => ({ action: 'settings.reload', project: 'system' }),
    answer: ({ context }) => context.part('motherboard').ask('reloadSettings', null),
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
    path: '/swap',
    body: Type.Object(
      {
        part: Type.String({ minLength: 1, maxLength: 64 }),
        module: Type.Optional(Type.String({ minLength: 1, maxLength: 4096, pattern: '^(/|[A-Za-z]:)' })),
        force: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    act: ({ body }) => ({
      action: 'part.swap',
      project: 'system',
      target: body.part,
      ...(body.module === undefined ? {} : { payload: body.module }),
    }),
    answer: ({ context }, { body }) => context.part('motherboard').ask('swap', body, { timeoutMs: 90_000 }),
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
