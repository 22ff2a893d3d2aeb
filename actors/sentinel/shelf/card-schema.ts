import { type Static, Type } from 'typebox';

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const percent = Type.Number({ minimum: 0, maximum: 100 });
const name = Type.String({ minLength: 1, maxLength: 200 });
const count = Type.Integer({ minimum: 0, maximum: 1e9 });

const figures = Type.Object({ source: name, attack: Type.Boolean(), texts: count, both: percent });

const surface = Type.Object({
  surface: Type.Union([Type.Literal('query'), Type.Literal('body'), Type.Literal('sql')]),
  threshold: Type.Number({ minimum: 0, maximum: 1 }),
  sources: Type.Array(figures, { minItems: 1, maxItems: 1_000 }),
  checks: Type.Array(figures, { maxItems: 1_000 }),
});

/** What the shelf reads of the card of one model; a card is as hostile as any file somebody put there. */
export const cardSchema = Type.Array(
  Type.Object({
    kind: Type.Union([Type.Literal('values'), Type.Literal('statements')]),
    file: Type.String({ pattern: '^(?:values|statements)\\.onnx$' }),
    sha256,
    bytes: count,
    featureVersion: count,
    surfaces: Type.Array(surface, { minItems: 1, maxItems: 3 }),
    list: Type.Object({ files: count, sha256 }),
  }),
  { minItems: 2, maxItems: 2 },
);

/** Card of one model, as far as the shelf reads it. */
export type ShelfCard = Static<typeof cardSchema>[number];
