import { type TSchema, Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { capabilityNames } from '../../../sandbox/package/capability-names.ts';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';

/** Migrations, and code of the extension, run while the caller waits. */
const patience = 300_000;
const closed = { additionalProperties: false } as const;

const absolutePath = Type.String({ minLength: 2, maxLength: 4096, pattern: '^(/|[A-Za-z]:)' });
const capability = Type.Union(capabilityNames.map((name) => Type.Literal(name)));
const scope = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 1000 });
/** Id or name; the part says whether it is one it knows. */
const named = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,99}$' });
const reason = Type.String({ minLength: 1, maxLength: 500 });
const grants = Type.Array(
  Type.Object(
    {
      capability,
      scope,
      reason: Type.Optional(Type.String({ maxLength: 500 })),
      optional: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  { maxItems: 200 },
);
const installation = Type.Object(
  {
    file: absolutePath,
    projects: Type.Array(fields.project, { maxItems: 1000 }),
    grants: Type.Optional(grants),
    config: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 100 }),
        Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean()]),
      ),
    ),
    allowUnsigned: Type.Optional(Type.Boolean()),
  },
  closed,
);

/** Third-party extensions: what is installed, how it comes, changes and goes, and whom the machine trusts. */
export const extensionRoutes = [
  defineRoute({
    method: 'get',
    path: '/extensions',
    answer: ({ context }) => context.part('extensions').ask('list', null),
  }),
  defineRoute({
    method: 'get',
    path: '/extensions/:id',
    answer: ({ context }, { params }) => context.part('extensions').ask('info', { id: idOf(params['id']) }),
  }),
  defineRoute({
    method: 'get',
    path: '/extensions/:id/logs',
    query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) }, closed),
    answer: ({ context }, { params, query }) =>
      context.part('extensions').ask('logs', { id: idOf(params['id']), limit: query.limit ?? 100 }),
  }),
  defineRoute({
    method: 'get',
    path: '/cages',
    answer: ({ context }) => context.part('extensions').ask('cages', null),
  }),
  defineRoute({
    method: 'post',
    path: '/extensions/review',
    body: Type.Object({ file: absolutePath }, closed),
    answer: ({ context }, { body }) =>
      context.part('extensions').ask('review', body, { timeoutMs: patience }),
  }),
  defineRoute({
    method: 'post',
    path: '/extensions/install',
    status: 201,
    body: installation,
    act: ({ body }) => ({
      action: 'extension.install',
      project: 'system',
      target: body.file,
      payload: JSON.stringify(body.grants ?? []),
    }),
    answer: ({ context }, { body }) =>
      context.part('extensions').ask('install', withReasons(body), { timeoutMs: patience }),
  }),
  defineRoute({
    method: 'post',
    path: '/extensions/update',
    body: installation,
    act: ({ body }) => ({
      action: 'extension.update',
      project: 'system',
      target: body.file,
      payload: JSON.stringify(body.grants ?? []),
    }),
    answer: ({ context }, { body }) =>
      context.part('extensions').ask('update', withReasons(body), { timeoutMs: patience }),
  }),
  onExtension('decide', 'extension.update.decide', {
    accept: Type.Boolean(),
    grants: Type.Optional(grants),
  }),
  defineRoute({
    method: 'delete',
    path: '/extensions/:id',
    query: Type.Object({ keepData: Type.Optional(Type.Boolean()) }, closed),
    act: ({ params }) => ({ action: 'extension.remove', project: 'system', target: idOf(params['id']) }),
    answer: ({ context }, { params, query }) =>
      context
        .part('extensions')
        .ask(
          'remove',
          { id: idOf(params['id']), keepData: query.keepData === true },
          { timeoutMs: patience },
        ),
  }),
  onExtension('grant', 'extension.grant', {
    capability,
    scope,
    expiresAt: Type.Optional(Type.String({ maxLength: 40 })),
  }),
  onExtension('enable', 'extension.enable', {}),
  onExtension('disable', 'extension.disable', {}),
  onExtension('quarantine', 'extension.quarantine', { reason }),
  onExtension('release', 'extension.release', {}),
  defineRoute({
    method: 'get',
    path: '/publishers',
    answer: ({ context }) => context.part('extensions').ask('publishers', null),
  }),
  defineRoute({
    method: 'post',
    path: '/publishers',
    status: 201,
    body: Type.Object({ publisher: named, key: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
    act: ({ body }) => ({
      action: 'publisher.trust',
      project: 'system',
      target: body.publisher,
      payload: body.key,
    }),
    answer: ({ context }, { body }) => context.part('extensions').ask('trust', body),
  }),
  defineRoute({
    method: 'delete',
    path: '/publishers/:id',
    act: ({ params }) => ({ action: 'publisher.distrust', project: 'system', target: idOf(params['id']) }),
    answer: ({ context }, { params }) =>
      context.part('extensions').ask('distrust', { publisher: idOf(params['id']) }),
  }),
  defineRoute({
    method: 'post',
    path: '/revocations',
    status: 201,
    body: Type.Object(
      {
        fingerprint: Type.Optional(Type.String({ pattern: '^SHA256:[A-Za-z0-9+/]{43}$' })),
        sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
        reason,
      },
      closed,
    ),
    act: ({ body }) => ({
      action: 'extension.revoke',
      project: 'system',
      target: body.fingerprint ?? body.sha256 ?? '',
    }),
    answer: ({ context }, { body }) =>
      context.part('extensions').ask('revoke', body, { timeoutMs: patience }),
  }),
];

const methods = {
  decide: 'decideUpdate',
  grant: 'grant',
  enable: 'enable',
  disable: 'disable',
  quarantine: 'quarantine',
  release: 'release',
} as const;

/** An act on one extension: `POST /extensions/<id>/<act>`. */
function onExtension(act: keyof typeof methods, action: string, properties: Record<string, TSchema>) {
  return defineRoute({
    method: 'post',
    path: `/extensions/:id/${act}`,
    body: Type.Object(properties, closed),
    act: ({ params, body }) => ({
      action,
      project: 'system',
      target: idOf(params['id']),
      payload: JSON.stringify(body),
    }),
    answer: ({ context }, { params, body }) => {
      const request = { ...withReasons(body), id: idOf(params['id']) };
      return context.part('extensions').ask(methods[act], request as never, { timeoutMs: patience });
    },
  });
}

/** The reason of a grant is the manifest's to say; operators need not repeat it. */
function withReasons<B extends { readonly grants?: readonly { readonly reason?: string }[] }>(body: B) {
  const { grants: given, ...rest } = body;
  return {
    ...rest,
    ...(given === undefined ? {} : { grants: given.map((grant) => ({ reason: '', ...grant })) }),
  } as Omit<B, 'grants'> & { grants?: readonly (NonNullable<B['grants']>[number] & { reason: string })[] };
}

function idOf(text: string | undefined): string {
  if (text !== undefined && /^[a-z0-9][a-z0-9.-]{0,99}$/.test(text)) return text;
  throw new MagFlockError('MF100', 'that cannot be the id or name of an extension', {
    fix: 'magflock ext list shows what is installed',
  });
}
