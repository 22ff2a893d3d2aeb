type Scalar = 'string' | 'number' | 'boolean' | 'null';

/** The part of JSON Schema that a manifest needs; every object is closed. */
export type Shape =
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly enum?: readonly string[];
      readonly description?: string;
    }
  | {
      readonly type: 'number' | 'integer';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly description?: string;
    }
  | { readonly type: 'boolean'; readonly const?: boolean; readonly description?: string }
  /** One of several scalar types; no bounds. */
  | { readonly type: readonly Scalar[]; readonly description?: string }
  | {
      readonly type: 'array';
      readonly items: Shape;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly uniqueItems?: boolean;
      readonly description?: string;
    }
  | {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      readonly additionalProperties: false;
      readonly description?: string;
    }
  /** A map: any names of a pattern. */
  | {
      readonly type: 'object';
      readonly propertyNames: { readonly pattern: string; readonly maxLength?: number };
      readonly additionalProperties: Shape;
      readonly maxProperties: number;
      readonly description?: string;
    };

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
    case 'number':
    case 'integer':
      return misfitOfNumber(shape, value, field);
    case 'boolean':
      if (typeof value !== 'boolean') return { field, problem: 'must be true or false' };
      return shape.const !== undefined && value !== shape.const
        ? { field, problem: `must be ${shape.const}` }
        : undefined;
    case 'array':
      return misfitOfArray(shape, value, field);
    case 'object':
      return misfitOfObject(shape, value, field);
    default:
      return shape.type.includes(value === null ? 'null' : (typeof value as Scalar)) && !Number.isNaN(value)
        ? undefined
        : { field, problem: `must be a ${shape.type.join(' or ')}` };
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
  if (shape.pattern !== undefined && !new RegExp(shape.pattern, 'u').test(value))
    return { field, problem: `must match ${shape.pattern}` };
  return undefined;
}

function misfitOfNumber(
  shape: Extract<Shape, { type: 'number' | 'integer' }>,
  value: unknown,
  field: string,
): Misfit | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { field, problem: 'must be a number' };
  if (shape.type === 'integer' && !Number.isSafeInteger(value))
    return { field, problem: 'must be a whole number' };
  if (value < (shape.minimum ?? Number.NEGATIVE_INFINITY))
    return { field, problem: `must be at least ${shape.minimum}` };
  if (value > (shape.maximum ?? Number.POSITIVE_INFINITY))
    return { field, problem: `must be at most ${shape.maximum}` };
  return undefined;
}

function misfitOfArray(
  shape: Extract<Shape, { type: 'array' }>,
  value: unknown,
  field: string,
): Misfit | undefined {
  if (!Array.isArray(value)) return { field, problem: 'must be an array' };
  if (value.length < (shape.minItems ?? 0))
    return { field, problem: `must have at least ${shape.minItems} items` };
  if (value.length > (shape.maxItems ?? Number.POSITIVE_INFINITY))
    return { field, problem: `must have at most ${shape.maxItems} items` };
  for (const [index, item] of value.entries()) {
    const misfit = firstMisfit(shape.items, item, below(field, String(index)));
    if (misfit !== undefined) return misfit;
  }
  if (shape.uniqueItems !== true) return undefined;
  const repeated = value.findIndex((item, index) => value.indexOf(item) !== index);
  return repeated === -1 ? undefined : { field: below(field, String(repeated)), problem: 'is there twice' };
}

function misfitOfObject(
  shape: Extract<Shape, { type: 'object' }>,
  value: unknown,
  field: string,
): Misfit | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { field, problem: 'must be an object' };
  const fields = value as Readonly<Record<string, unknown>>;
  if ('propertyNames' in shape) return misfitOfMap(shape, fields, field);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(shape.properties, name))
      return {
        field: below(field, name),
        problem: `is no field here; there are ${Object.keys(shape.properties).join(', ')}`,
      };
  }
  for (const [name, inner] of Object.entries(shape.properties)) {
    if (!Object.hasOwn(fields, name) || fields[name] === undefined) {
      if (shape.required.includes(name)) return { field: below(field, name), problem: 'is missing' };
      continue;
    }
    const misfit = firstMisfit(inner, fields[name], below(field, name));
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function misfitOfMap(
  shape: Extract<Shape, { propertyNames: unknown }>,
  fields: Readonly<Record<string, unknown>>,
  field: string,
): Misfit | undefined {
  const entries = Object.entries(fields);
  if (entries.length > shape.maxProperties)
    return { field, problem: `must have at most ${shape.maxProperties} entries` };
  const { pattern, maxLength = 200 } = shape.propertyNames;
  for (const [name, inner] of entries) {
    if (name.length > maxLength || !new RegExp(pattern, 'u').test(name))
      return {
        field: below(field, name.slice(0, maxLength)),
        problem: `has a name that must match ${pattern}`,
      };
    const misfit = firstMisfit(shape.additionalProperties, inner, below(field, name));
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function below(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
