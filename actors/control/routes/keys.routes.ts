import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { costLimitsSchema } from '../../../runtime/project-settings/cost-limits-schema.ts';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';

const ofProject = Type.Object({ project: Type.Optional(fields.project) }, { additionalProperties: false });
const scopes = Type.Object(
  {
    tables: Type.Optional(Type.Array(fields.table, { minItems: 1, maxItems: 1000 })),
    operations: Type.Optional(fields.operations),
    addresses: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { minItems: 1, maxItems: 1000 })),
    expiresAt: Type.Optional(Type.Integer({ minimum: 0 })),
    limits: Type.Optional(costLimitsSchema),
  },
  { additionalProperties: false },
);

/** API keys: list, create, revoke, rotate. The secret itself is in the answer of create and rotate only. */
export const keyRoutes = [
  defineRoute({
    method: 'get',
    path: '/keys',
    query: ofProject,
    answer: ({ context }, { query }) =>
      context.part('psu').ask('listKeys', { project: query.project ?? 'main' }),
  }),
  defineRoute({
    method: 'post',
    path: '/keys',
    status: 201,
    query: ofProject,
    body: Type.Object(
      {
        role: Type.Union([Type.Literal('anon'), Type.Literal('service_role')]),
        name: Type.Optional(Type.String({ maxLength: 100 })),
        scopes: Type.Optional(scopes),
      },
      { additionalProperties: false },
    ),
    act: ({ query, body }) => ({
      action: 'key.create',
      project: query.project ?? 'main',
      target: body.name === undefined ? body.role : `${body.role} "${body.name}"`,
    }),
    answer: ({ context }, { query, body }) =>
      context.part('psu').ask('createKey', { ...body, project: query.project ?? 'main' }),
  }),
  defineRoute({
    method: 'delete',
    path: '/keys/:id',
    query: ofProject,
    act: ({ query, params }) => ({
      action: 'key.revoke',
      project: query.project ?? 'main',
      target: keyId(params['id']),
    }),
    answer: ({ context }, { query, params }) =>
      context.part('psu').ask('revokeKey', { project: query.project ?? 'main', id: keyId(params['id']) }),
  }),
  defineRoute({
    method: 'post',
    path: '/keys/:id/rotate',
    status: 201,
    query: ofProject,
    body: Type.Object(
      { graceSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 86_400 })) },
      { additionalProperties: false },
    ),
    act: ({ query, params }) => ({
      action: 'key.rotate',
      project: query.project ?? 'main',
      target: keyId(params['id']),
    }),
    answer: ({ context }, { query, params, body }) =>
      context
        .part('psu')
        .ask('rotateKey', { ...body, project: query.project ?? 'main', id: keyId(params['id']) }),
  }),
];

/** An id is never a key: a key pasted by mistake must not land in the audit trail. */
function keyId(id: string | undefined): string {
  if (id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id)) return id;
  throw new MagFlockError('MF100', 'that is not the id of a key', { fix: 'magflock key list shows the ids' });
}
