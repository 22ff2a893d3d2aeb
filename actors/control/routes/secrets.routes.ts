import { Type } from 'typebox';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';

const ofProject = Type.Object({ project: Type.Optional(fields.project) }, { additionalProperties: false });

/** Secrets of projects: set, list, remove. No route reads one; the trail has their names, never a value or its digest. */
export const secretRoutes = [
  defineRoute({
    method: 'get',
    path: '/secrets',
    query: ofProject,
    answer: ({ context }, { query }) =>
      context.part('psu').ask('listSecrets', { project: query.project ?? 'main' }),
  }),
  defineRoute({
    method: 'post',
    path: '/secrets/:name',
    status: 201,
    query: ofProject,
    body: Type.Object(
      { value: Type.String({ minLength: 1, maxLength: 65_536 }) },
      { additionalProperties: false },
    ),
    act: ({ query, params }) => ({
      action: 'secret.set',
      project: query.project ?? 'main',
      target: secretName(params['name']),
    }),
    answer: ({ context }, { query, params, body }) =>
      context.part('psu').ask('setSecret', {
        project: query.project ?? 'main',
        name: secretName(params['name']),
        value: body.value,
      }),
  }),
  defineRoute({
    method: 'delete',
    path: '/secrets/:name',
    query: ofProject,
    act: ({ query, params }) => ({
      action: 'secret.remove',
      project: query.project ?? 'main',
      target: secretName(params['name']),
    }),
    answer: ({ context }, { query, params }) =>
      context
        .part('psu')
        .ask('removeSecret', { project: query.project ?? 'main', name: secretName(params['name']) }),
  }),
];

/** Checked before the audit trail hears of it: what is no name might be a value in the wrong place. */
function secretName(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9_.-]{1,100}$/.test(name)) return name;
  throw new MagFlockError('MF671', 'that is not the name of a secret', {
    fix: '1 to 100 letters, digits, dots, dashes or underscores',
  });
}
