import { Type } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { readDatabaseShape } from '../typescript/read-database-shape.ts';
import { renderDatabaseTypes } from '../typescript/render-database-types.ts';
import { projectParameter } from './project-parameter.ts';

/** Types of a project's database for programs that use its data API. */
export const typeRoutes = [
  defineRoute({
    method: 'get',
    path: '/projects/:ref/types/typescript',
    // Schemas, separated by commas; default: those that are exposed.
    query: Type.Object(
      { schema: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })) },
      { additionalProperties: false },
    ),
    async answer(state, { params, query }) {
      const project = projectParameter(params['ref']);
      const asked = query.schema?.split(',').map((name) => name.trim());
      const { schemas, shape } = await readDatabaseShape(state, project, asked);
      return { project, schemas, types: renderDatabaseTypes(schemas, shape) };
    },
  }),
];
