import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildSpec } from './child-spec.ts';

type Check = (value: unknown) => string | undefined;

const isName = /^[a-z][a-z0-9-]*$/;
const name: Check = (value) =>
  typeof value === 'string' && isName.test(value) ? undefined : 'must be lower-case words joined by hyphens';
const url: Check = (value) => (value instanceof URL ? undefined : 'must be a URL (see moduleUrl)');
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? undefined : `must be one of ${values.join(', ')}`;
const milliseconds: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be milliseconds, 0 or more';
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

const placement: Check = (value) => {
  const { kind, thread, heapMegabytes } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'inline') return undefined;
  if (kind !== 'thread') return 'must have kind inline or thread';
  if (thread !== undefined && name(thread) !== undefined) return `thread ${name(thread)}`;
  if (thread === 'main') return 'thread must not be main, use kind inline';
  if (heapMegabytes !== undefined && !(typeof heapMegabytes === 'number' && heapMegabytes >= 16)) {
    return 'heapMegabytes must be 16 or more';
  }
  return undefined;
};

const names: Check = (value) =>
  Array.isArray(value) && value.every((each) => name(each) === undefined)
    ? undefined
    : 'must be a list of ids';

const replicas: Check = (value) => {
  if (!Array.isArray(value)) return 'must be a list';
  const seen = new Set<string>();
  for (const [index, replica] of value.entries()) {
    if (name(replica?.name) !== undefined) return `[${index}].name ${name(replica?.name)}`;
    if (url(replica.module) !== undefined) return `[${index}].module ${url(replica.module)}`;
    if (seen.has(replica.name)) return `[${index}].name ${replica.name} is there twice`;
    seen.add(replica.name);
  }
  return undefined;
};

const fields: Readonly<Record<keyof ChildSpec, Check>> = {
  id: name,
  module: url,
  args: () => undefined,
  placement,
  replicas: optional(replicas),
  requires: optional(names),
  restart: optional(oneOf('permanent', 'transient', 'temporary')),
  shutdownMs: optional(milliseconds),
  startMs: optional(milliseconds),
  required: optional(flag),
  slot: optional(oneOf('component', 'extension', 'peripheral')),
};

/** Throws MF608 naming the field when the specification is faulty. */
export function validateChildSpec(spec: ChildSpec): void {
  const given = spec as unknown as Record<string, unknown>;
  const id = typeof given['id'] === 'string' ? given['id'] : 'child';
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(fields, field)) fault(id, field, 'is not a field of a child specification');
  }
  for (const [field, check] of Object.entries(fields)) {
    const problem = check(given[field]);
    if (problem !== undefined) fault(id, field, problem);
  }
  if (spec.placement.kind === 'inline' && (spec.replicas?.length ?? 0) > 0) {
    fault(id, 'replicas', 'need a placement of kind thread');
  }
  if (spec.requires?.includes(spec.id) === true) fault(id, 'requires', 'must not name the part itself');
}

function fault(id: string, field: string, problem: string): never {
  const message = `${id}.${field}${problem.startsWith('[') ? '' : ' '}${problem}`;
  throw new MagFlockError('MF608', message, { details: { part: id, field } });
}
