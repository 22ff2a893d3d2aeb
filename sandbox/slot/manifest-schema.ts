import type { Shape } from './first-misfit.ts';

const text = (maxLength: number): Shape => ({ type: 'string', minLength: 1, maxLength });

/** Shape of a manifest (SDK v0). */
export const manifestSchema: Shape = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$', maxLength: 100 },
    name: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 50 },
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$', maxLength: 50 },
    description: text(500),
    requiredComponents: { type: 'array', items: text(100) },
    permissions: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          capability: { type: 'string', enum: ['catalog.read', 'catalog.watch', 'query.plan', 'http.mount'] },
          scope: { type: 'array', items: text(200), minItems: 1 },
          reason: text(200),
        },
      },
    },
  },
};
