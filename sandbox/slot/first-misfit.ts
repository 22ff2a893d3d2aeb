/** The part of JSON Schema that a manifest needs. */
export type Shape =
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly enum?: readonly string[];
    }
  | { readonly type: 'array'; readonly items: Shape; readonly minItems?: number }
  /** All properties are required, no others are allowed. */
  | { readonly type: 'object'; readonly properties: Readonly<Record<string, Shape>> };

export interface Misfit {
  /** Dotted path, `permissions.0.scope`; empty for the value itself. */
  readonly field: string;
  readonly problem: string;
}

/**
 * The first place where a value does not fit a shape. A general validator would cost the thread of every
 * extension a third of a second at each start, several times what everything else in it takes.
 */
export function firstMisfit(shape: Shape, value: unknown, field = ''): Misfit | undefined {
  switch (shape.type) {
    case 'string':
      return misfitOfText(shape, value, field);
    case 'array': {
      if (!Array.isArray(value)) return { field, problem: 'must be an array' };
      if (value.length < (shape.minItems ?? 0))
        return { field, problem: `must have at least ${shape.minItems} items` };
      for (const [index, item] of value.entries()) {
        const misfit = firstMisfit(shape.items, item, below(field, String(index)));
        if (misfit !== undefined) return misfit;
      }
      return undefined;
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return { field, problem: 'must be an object' };
      const fields = value as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(fields)) {
        if (!Object.hasOwn(shape.properties, name))
          return { field: below(field, name), problem: 'is no field of a manifest' };
      }
      for (const [name, inner] of Object.entries(shape.properties)) {
        if (!Object.hasOwn(fields, name)) return { field: below(field, name), problem: 'is missing' };
        const misfit = firstMisfit(inner, fields[name], below(field, name));
        if (misfit !== undefined) return misfit;
      }
      return undefined;
    }
  }
}

function misfitOfText(
  shape: Extract<Shape, { type: 'string' }>,
  value: unknown,
  field: string,
): Misfit | undefined {
  if (typeof value !== 'string') return { field, problem: 'must be a string' };
  if (shape.enum !== undefined && !shape.enum.includes(value))
    return { field, problem: `must be one of ${shape.enum.join(', ')}` };
  if (value.length < (shape.minLength ?? 0)) return { field, problem: 'must not be empty' };
  if (value.length > (shape.maxLength ?? Number.POSITIVE_INFINITY))
    return { field, problem: `must have at most ${shape.maxLength} characters` };
  if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(value))
    return { field, problem: `must match ${shape.pattern}` };
  return undefined;
}

function below(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
