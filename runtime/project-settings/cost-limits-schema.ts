import { Type } from 'typebox';

const number = (minimum: number) => Type.Optional(Type.Number({ minimum, maximum: Number.MAX_SAFE_INTEGER }));
const whole = (minimum: number) => Type.Optional(Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER }));

/** Schema of `CostLimits`: the same for roles (setting `limits`) and keys (scope `limits`). */
export const costLimitsSchema = Type.Object(
  { cost: number(1), rows: whole(1), bytes: whole(1), depth: whole(0), timeMs: whole(1) },
  { additionalProperties: false },
);
