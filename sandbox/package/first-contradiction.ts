import { isIP } from 'node:net';
import { Cron } from 'croner';
import semver from 'semver';
import type { CapabilityName, ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { Misfit } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';

/**
 * The first place where fields of a manifest, each well-formed, do not go together or say nothing that exists.
 * @param manifest of the right shape
 */
export function firstContradiction(manifest: ExtensionManifest): Misfit | undefined {
  for (const misfit of contradictions(manifest)) return misfit;
  return undefined;
}

function* contradictions(manifest: ExtensionManifest): Generator<Misfit> {
  const { id, name } = manifest;
  if (id.slice(id.indexOf('.') + 1) !== name)
    yield { field: 'id', problem: `must end with the name: <publisher>.${name}` };
  if (semver.valid(manifest.version) === null)
    yield { field: 'version', problem: 'must be a semantic version: 1.2.3' };
  yield* ofPermissions(manifest);
  yield* ofRanges(manifest);
  yield* ofActivation(manifest);
  yield* ofSchedules(manifest);
  yield* ofConfig(manifest);
}

function* ofPermissions({ permissions }: ExtensionManifest): Generator<Misfit> {
  yield* repeated(
    'permissions',
    'capability',
    permissions.map(({ capability }) => capability),
  );
  for (const [index, { capability, scope }] of permissions.entries()) {
    for (const [at, one] of scope.entries()) {
      const allowed = scopeForms[capability];
      if (!allowed.fits(one))
        yield { field: `permissions.${index}.scope.${at}`, problem: `must be ${allowed.words}` };
    }
    if (scope.length > 1 && scope.includes('*'))
      yield { field: `permissions.${index}.scope`, problem: 'must be * alone or a list without it' };
  }
}

interface ScopeForm {
  readonly words: string;
  fits(scope: string): boolean;
}

const identifier = '[\\p{L}_][\\p{L}\\p{N}_$]*';
const everything: ScopeForm = { words: '*', fits: (scope) => scope === '*' };
const tables: ScopeForm = {
  words: '*, a table or a table with columns: orders(id,total)',
  fits: (scope) =>
    scope === '*' ||
    new RegExp(`^${identifier}(\\.${identifier})?(\\(${identifier}(, ?${identifier})*\\))?$`, 'u').test(
      scope,
    ),
};
const events: ScopeForm = {
  words: '* or the name of an event: order.paid',
  fits: (scope) => scope === '*' || new RegExp(manifestPatterns.event).test(scope),
};

const scopeForms: Readonly<Record<CapabilityName, ScopeForm>> = {
  'db.read': tables,
  'db.write': tables,
  'db.schema': everything,
  cache: everything,
  files: everything,
  'http.route': everything,
  'catalog.read': everything,
  'catalog.watch': everything,
  'query.plan': everything,
  'events.emit': events,
  'events.on': events,
  'http.mount': {
    words: 'a path prefix: /reports',
    fits: (scope) => /^(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/.test(scope),
  },
  'net.fetch': {
    words: '*, a host, *.host or host:port: api.example.com',
    fits: (scope) => scope === '*' || isHost(scope),
  },
  'secrets.read': {
    words: '* or the name of a secret: SMTP_PASSWORD',
    fits: (scope) => scope === '*' || /^[A-Za-z][A-Za-z0-9_.-]{0,99}$/.test(scope),
  },
};

function isHost(scope: string): boolean {
  const { host = '', port } =
    /^(?:\*\.)?(?<host>\[[0-9a-f:.]+\]|[^:]+)(?::(?<port>\d{1,5}))?$/.exec(scope)?.groups ?? {};
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return !scope.startsWith('*');
  // A last label of digits only is an address in disguise: 0x7f.1, 2130706433.
  return (
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host) &&
    !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)
  );
}

function* ofRanges({ engine, dependencies = {}, id }: ExtensionManifest): Generator<Misfit> {
  if (engine !== undefined && semver.validRange(engine) === null)
    yield { field: 'engine', problem: 'must be a semver range: >=0.1.0 <1.0.0' };
  for (const [other, range] of Object.entries(dependencies)) {
    if (other === id) yield { field: `dependencies.${other}`, problem: 'is the extension itself' };
    if (semver.validRange(range) === null)
      yield { field: `dependencies.${other}`, problem: 'must be a semver range: ^1.2.0' };
  }
}

function* ofActivation(manifest: ExtensionManifest): Generator<Misfit> {
  const { routes = [], events: names = [], migrations = [] } = manifest;
  yield* repeated(
    'routes',
    'method and path',
    routes.map(({ method, path }) => `${method} ${path.replace(/:[^/]+/g, ':')}`),
  );
  const needs: [field: string, given: readonly unknown[], capability: CapabilityName][] = [
    ['routes', routes, 'http.route'],
    ['events', names, 'events.on'],
    ['migrations', migrations, 'db.schema'],
  ];
  for (const [field, given, capability] of needs) {
    if (given.length > 0 && !manifest.permissions.some((permission) => permission.capability === capability))
      yield { field, problem: `need the permission ${capability}` };
  }
  const scope = manifest.permissions.find(({ capability }) => capability === 'events.on')?.scope ?? [];
  for (const [index, name] of names.entries()) {
    if (!scope.includes('*') && !scope.includes(name))
      yield {
        field: `events.${index}`,
        problem: `must be in the scope of events.on, which has ${scope.join(', ')}`,
      };
  }
}

function* ofSchedules({ schedules = [] }: ExtensionManifest): Generator<Misfit> {
  yield* repeated(
    'schedules',
    'name',
    schedules.map(({ name }) => name),
  );
  for (const [index, { cron, timezone }] of schedules.entries()) {
    const field = `schedules.${index}`;
    if (timezone !== undefined && !isTimezone(timezone)) {
      yield { field: `${field}.timezone`, problem: 'must be an IANA name: Europe/Berlin' };
      continue;
    }
    const fields = cron.trim().split(/\s+/).length;
    if (fields !== 5 && fields !== 6)
      yield { field: `${field}.cron`, problem: 'must have five or six fields: 0 7 * * 1-5' };
    const next = nextRun(cron, timezone);
    if (next === undefined)
      yield { field: `${field}.cron`, problem: 'must be a cron expression: 0 7 * * 1-5' };
    if (next === null)
      yield { field: `${field}.cron`, problem: 'must be a time that comes; this one never does' };
  }
}

/** Undefined when it is no cron expression, null when it never comes. */
function nextRun(cron: string, timezone = 'UTC'): Date | null | undefined {
  try {
    return new Cron(cron, { paused: true, timezone }).nextRun();
  } catch {
    return undefined;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

interface ConfigProperty {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly default?: string | number | boolean;
  readonly enum?: readonly (string | number | boolean)[];
}

function* ofConfig({ config }: ExtensionManifest): Generator<Misfit> {
  if (config === undefined) return;
  const properties = config['properties'] as Readonly<Record<string, ConfigProperty>>;
  for (const [name, property] of Object.entries(properties)) {
    const field = `config.properties.${name}`;
    const isOne = (value: unknown): boolean =>
      property.type === 'integer' ? Number.isSafeInteger(value) : typeof value === property.type;
    if (property.default !== undefined && !isOne(property.default))
      yield { field: `${field}.default`, problem: `must be a ${property.type}` };
    if (property.enum?.every(isOne) === false)
      yield { field: `${field}.enum`, problem: `must hold values of type ${property.type}` };
    if (property.default !== undefined && property.enum?.includes(property.default) === false)
      yield { field: `${field}.default`, problem: 'must be one of enum' };
  }
  for (const [index, name] of ((config['required'] ?? []) as readonly string[]).entries()) {
    if (!Object.hasOwn(properties, name))
      yield { field: `config.required.${index}`, problem: 'must be a name of config.properties' };
  }
}

function* repeated(field: string, what: string, names: readonly string[]): Generator<Misfit> {
  const at = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (at !== -1) yield { field: `${field}.${at}`, problem: `has the ${what} of another one` };
}
