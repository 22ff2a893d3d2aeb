import { Type } from 'typebox';

/** Fields that several routes take, each with one schema. */
export const fields = {
  project: Type.String({ pattern: '^[a-z0-9]{1,40}$' }),
  /** Relation name, with its schema or without. */
  table: Type.String({ minLength: 1, maxLength: 131 }),
  keyId: Type.String({ minLength: 1, maxLength: 64 }),
  operations: Type.Array(
    Type.Union([
      Type.Literal('select'),
      Type.Literal('insert'),
      Type.Literal('update'),
      Type.Literal('delete'),
    ]),
    { minItems: 1, maxItems: 4 },
  ),
} as const;
