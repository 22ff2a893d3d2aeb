import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { AuditKind } from '../../../runtime/protocol/audit.protocol.ts';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';

const kinds = [
  'write',
  'auth-failed',
  'threat',
  'admin',
  'schema',
  'system',
] as const satisfies readonly AuditKind[];
/** Verifying reads a project's whole chain. */
const patience = 3600 * 1000;

/** The chain of a project, or `system` for what belongs to none. */
const chain = Type.Optional(fields.project);

/** The audit trail: read, verify, checkpoint. */
export const logRoutes = [
  defineRoute({
    method: 'get',
    path: '/logs',
    query: Type.Object(
      {
        project: chain,
        /** Several, separated by commas. */
        kinds: Type.Optional(Type.String({ maxLength: 200 })),
        after: Type.Optional(Type.Integer({ minimum: 0 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
      },
      { additionalProperties: false },
    ),
    async answer({ context }, { query }) {
      const asked = query.kinds?.split(',').map((kind) => kindOf(kind.trim()));
      return context.part('audit').ask('read', {
        project: query.project ?? 'main',
        limit: query.limit ?? 50,
        ...(asked === undefined ? {} : { kinds: asked }),
        ...(query.after === undefined ? {} : { after: query.after }),
      });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/logs/verify',
    query: Type.Object({ project: chain }, { additionalProperties: false }),
    answer: ({ context }, { query, signal }) =>
      context.part('audit').ask('verify', query, { timeoutMs: patience, signal }),
  }),
  defineRoute({
    method: 'get',
    path: '/logs/verify-progress',
    query: Type.Object({ project: chain }, { additionalProperties: false }),
    answer: async ({ context }, { query }) => ({
      progress: await context.part('audit').ask('verifyProgress', query),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/checkpoint',
    body: Type.Object({ project: fields.project }, { additionalProperties: false }),
    act: ({ body }) => ({ action: 'audit.checkpoint', project: body.project }),
    answer: ({ context }, { body }) => context.part('audit').ask('checkpoint', body, { timeoutMs: 60_000 }),
  }),
];

function kindOf(text: string): AuditKind {
  const kind = kinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new MagFlockError('MF100', `query.kinds: "${text}" is no kind of entry`, {
    fix: `known are ${kinds.join(', ')}`,
  });
}
