import type { Quotas } from '../actor/define-actor.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildSpec, GroupSpec, SupervisorSpec, TreeSpec } from './child-spec.ts';
import { flatten } from './start-order.ts';

type Check = (value: unknown) => string | undefined;
type Fields = Readonly<Record<string, Check>>;

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
const count: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 ? undefined : 'must be a whole number, 0 or more';
const duration: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? undefined
    : 'must be milliseconds, more than 0';
const positive: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? undefined : 'must be more than 0';
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

/** An object with these fields and no others. */
const record =
  (fields: Fields): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return 'must be an object';
    const given = value as Record<string, unknown>;
    const unknown = Object.keys(given).find((field) => !Object.hasOwn(fields, field));
    if (unknown !== undefined) return `.${unknown} is not one of its fields`;
    for (const [field, check] of Object.entries(fields)) {
      const problem = check(given[field]);
      if (problem !== undefined) return `.${field}${joint(problem)}`;
    }
    return undefined;
  };

const placement: Check = (value) => {
  const { kind, thread, heapMegabytes, ...counts } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'inline') return undefined;
  const fields = {
    thread: [],
    pool: ['workers', 'concurrency', 'queue'],
    cage: ['memoryMegabytes', 'heartbeatMs'],
  };
  if (!Object.hasOwn(fields, String(kind))) return 'must have kind inline, thread, pool or cage';
  for (const field of fields[kind as keyof typeof fields]) {
    const count = counts[field];
    if (count !== undefined && !(Number.isInteger(count) && (count as number) >= 1)) {
      return `${field} must be a whole number, 1 or more`;
    }
  }
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

const common = {
  id: name,
  requires: optional(names),
  restart: optional(oneOf('permanent', 'transient', 'temporary')),
  significant: optional(flag),
  required: optional(flag),
} satisfies Partial<Record<keyof GroupSpec, Check>>;

const partFields: Readonly<Record<keyof ChildSpec, Check>> = {
  ...common,
  module: url,
  args: () => undefined,
  placement,
  replicas: optional(replicas),
  shutdownMs: optional(milliseconds),
  startMs: optional(milliseconds),
  quotas: optional(
    record({
      messagesPerSecond: optional(positive),
      mailboxBytes: optional(positive),
      turnMs: optional(duration),
      onLimit: optional(oneOf('throttle', 'restart', 'quarantine')),
    } satisfies Record<keyof Quotas, Check>),
  ),
  slot: optional(oneOf('component', 'extension', 'peripheral')),
};

const supervisorFields: Readonly<Record<keyof SupervisorSpec, Check>> = {
  strategy: oneOf('one_for_one', 'one_for_all', 'rest_for_one'),
  intensity: optional(
    record({ restarts: optional(count), periodMs: optional(duration), unrecovered: optional(count) }),
  ),
  backoff: optional(
    record({
      baseMs: optional(milliseconds),
      maxMs: optional(milliseconds),
      resetAfterMs: optional(milliseconds),
    }),
  ),
  autoShutdown: optional(oneOf('never', 'any_significant', 'all_significant')),
  onIntensity: optional(oneOf('escalate', 'quarantine')),
  children: (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)
      ? undefined
      : 'must be a list of child specifications',
};

const groupFields: Readonly<Record<keyof GroupSpec, Check>> = {
  ...common,
  supervisor: record(supervisorFields),
};

/** Throws MF608 naming the field when the specification, or one beneath it, is faulty. */
export function validateChildSpec(spec: TreeSpec): void {
  check(spec, undefined);
  const seen = new Set<string>();
  for (const { id } of flatten<TreeSpec>(spec)) {
    if (seen.has(id)) fault(id, 'id', 'is there twice');
    seen.add(id);
  }
}

function check(spec: TreeSpec, parent: GroupSpec | undefined): void {
  const given = spec as unknown as Record<string, unknown>;
  const id = typeof given['id'] === 'string' ? given['id'] : 'child';
  const fields: Fields = 'supervisor' in given ? groupFields : partFields;
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(fields, field)) fault(id, field, 'is not a field of a child specification');
  }
  for (const [field, checkField] of Object.entries(fields)) {
    const problem = checkField(given[field]);
    if (problem !== undefined) fault(id, field, problem);
  }
  if (spec.significant === true) checkSignificant(spec, parent);
  if (spec.requires?.includes(spec.id) === true) fault(id, 'requires', 'must not name the part itself');
  if ('supervisor' in spec) {
    const beneath = flatten<TreeSpec>(spec).slice(1);
    const inward = spec.requires?.find((required) => beneath.some((each) => each.id === required));
    if (inward !== undefined) fault(id, 'requires', `must not name ${inward}, which is in the group`);
    const outward = beneath.find(({ requires }) => requires?.includes(id) === true);
    if (outward !== undefined) fault(outward.id, 'requires', `must not name ${id}, the group it is in`);
    for (const child of spec.supervisor.children) check(child, spec);
  } else if (spec.placement.kind !== 'thread' && (spec.replicas?.length ?? 0) > 0) {
    fault(id, 'replicas', 'need a placement of kind thread');
  }
}

/** The combinations that OTP refuses too: they would never do what they say. */
function checkSignificant(spec: TreeSpec, parent: GroupSpec | undefined): void {
  if ((spec.restart ?? 'permanent') === 'permanent') {
    fault(spec.id, 'significant', 'must not be true with restart permanent: it never ends');
  }
  if ((parent?.supervisor.autoShutdown ?? 'never') === 'never') {
    const where =
      parent === undefined ? 'under the machine itself' : `in ${parent.id}, whose autoShutdown is never`;
    fault(spec.id, 'significant', `must not be true ${where}`);
  }
}

function fault(id: string, field: string, problem: string): never {
  throw new MagFlockError('MF608', `${id}.${field}${joint(problem)}`, { details: { part: id, field } });
}

/** A problem of something inside a field begins with the way to it. */
function joint(problem: string): string {
  return problem.startsWith('[') || problem.startsWith('.') ? problem : ` ${problem}`;
}
