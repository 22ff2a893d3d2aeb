import { Type } from 'typebox';

/** Shape of a manifest (SDK v0). */
export const manifestSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$', maxLength: 100 }),
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 50 }),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$', maxLength: 50 }),
    description: Type.String({ minLength: 1, maxLength: 500 }),
    requiredComponents: Type.Array(Type.String({ minLength: 1 })),
    permissions: Type.Array(
      Type.Object(
        {
          capability: Type.Union([
            Type.Literal('catalog.read'),
            Type.Literal('catalog.watch'),
            Type.Literal('query.plan'),
            Type.Literal('http.mount'),
          ]),
          scope: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
          reason: Type.String({ minLength: 1, maxLength: 200 }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
