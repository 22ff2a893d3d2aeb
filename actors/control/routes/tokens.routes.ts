import { Type } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';

/** Tokens for trying what a user may see. The trail says for whom one was made; it never has the token. */
export const tokenRoutes = [
  defineRoute({
    method: 'post',
    path: '/tokens',
    status: 201,
    query: Type.Object({ project: Type.Optional(fields.project) }, { additionalProperties: false }),
    body: Type.Object(
      {
        role: Type.String({ maxLength: 63 }),
        subject: Type.Optional(Type.String({ pattern: '^[\\w.@|:+-]{1,200}$' })),
        expiresSeconds: Type.Integer({ minimum: 1, maximum: 30 * 86_400 }),
        claims: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 100 })),
      },
      { additionalProperties: false },
    ),
    act: ({ query, body: { role, subject } }) => ({
      action: 'token.sign',
      project: query.project ?? 'main',
      target: subject === undefined ? role : `${role} ${subject}`,
    }),
    answer: ({ context }, { query, body }) =>
      context.part('psu').ask('signToken', { ...body, project: query.project ?? 'main' }),
  }),
];
