import { Type } from 'typebox';
import type { ProjectInfo } from '../../../runtime/protocol/storage.protocol.ts';
import type { ControlState } from '../control-state.ts';
import { defineRoute } from '../define-route.ts';
import { fields } from './fields.ts';
import { projectParameter } from './project-parameter.ts';

/** Making a database from the template takes longer while others are at it. */
const patience = 60_000;

/** Projects: list, create, look at, remove. */
export const projectRoutes = [
  defineRoute({
    method: 'get',
    path: '/projects',
    async answer(state) {
      const projects = await state.context.part('storage').ask('listProjects', null);
      return projects.map((project) => withAddress(state, project));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/projects',
    status: 201,
    body: Type.Object({ ref: fields.project }, { additionalProperties: false }),
    act: ({ body }) => ({ action: 'project.create', project: 'system', target: body.ref }),
    async answer(state, { body }) {
      const made = await state.context.part('storage').ask('createProject', body, { timeoutMs: patience });
      return withAddress(state, made);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/:ref',
    async answer(state, { params }) {
      const ref = projectParameter(params['ref']);
      return withAddress(state, await state.context.part('storage').ask('project', { ref }));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/projects/:ref/lint',
    answer: ({ context }, { params }) =>
      context
        .part('storage')
        .ask('lint', { project: projectParameter(params['ref']) }, { timeoutMs: patience }),
  }),
  defineRoute({
    method: 'delete',
    path: '/projects/:ref',
    act: ({ params }) => ({
      action: 'project.remove',
      project: 'system',
      target: projectParameter(params['ref']),
    }),
    answer: ({ context }, { params }) =>
      context
        .part('storage')
        .ask('removeProject', { ref: projectParameter(params['ref']) }, { timeoutMs: patience }),
  }),
];

/** Bare paths mean project `main`; others stand below `/p/<ref>`. */
function withAddress(state: ControlState, project: ProjectInfo): ProjectInfo & { restUrl: string | null } {
  const base = project.ref === 'main' ? '' : `/p/${project.ref}`;
  return { ...project, restUrl: state.url === null ? null : `${state.url}${base}/api` };
}
