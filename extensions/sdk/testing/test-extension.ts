import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  CapabilityName,
  ExtensionManifest,
  HookOperation,
} from '../../../runtime/protocol/extension-manifest.ts';
import type {
  AfterHookResult,
  BeforeHookResult,
  GuestRequest,
  HookFacts,
} from '../../../runtime/protocol/extensions.protocol.ts';
import { createGuestIsolate } from '../../../sandbox/isolate/create-guest-isolate.ts';
import type { GuestIsolate } from '../../../sandbox/isolate/guest-isolate.ts';
import { bundle as bundleModule } from '../../../sandbox/package/bundle.ts';
import type { GuestEntry } from '../../../sandbox/protocol/guest-entry.ts';
import type { GuestEnd } from '../../../sandbox/protocol/load-request.ts';
import type { TrustLevel } from '../../../sandbox/protocol/trust-level.ts';
import { ExtensionError } from '../extension-error.ts';
import type { GuestHealth } from '../extension-handlers.ts';
import { matchRoute } from '../match-route.ts';
import { type CapabilityCall, FakeCapabilities, type Fakes } from './fake-capabilities.ts';

export type { CapabilityCall, FakeQuery, Fakes } from './fake-capabilities.ts';

export interface TestOptions {
  /** Folder of the extension, as a path or `file:` URL: its manifest is read and its `main` bundled. */
  readonly dir?: string | URL;
  /** In place of `dir`: one bundled module, with its manifest. */
  readonly bundle?: string;
  readonly manifest?: ExtensionManifest;
  readonly fakes?: Fakes;
  /** What an operator would have set; defaults of the manifest count for the rest. */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** Capabilities of the manifest that are not granted. */
  readonly denied?: readonly CapabilityName[];
  /** Default `signed`. */
  readonly trust?: TrustLevel;
  /** Default `main`. */
  readonly project?: string;
  /** Milliseconds that a call may take; default 5,000. Processor time is bounded as the manifest says. */
  readonly timeoutMs?: number;
}

export type RequestOptions = Partial<
  Pick<GuestRequest, 'headers' | 'query' | 'role' | 'claims' | 'project'>
> & {
  /** Text, or anything else as JSON. */
  readonly body?: unknown;
};

/** The answer of a route, with what the host fills in. */
export interface TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type TestFacts = Partial<HookFacts> & { readonly operation: HookOperation; readonly table: string };

/** An extension in its isolate, with fakes for what is outside. */
export interface TestedExtension extends AsyncDisposable {
  readonly manifest: ExtensionManifest;
  /** Names of the handlers it has: `onRequest`, `onStart` … */
  readonly handlers: readonly string[];
  /** Uses of capabilities, oldest first. */
  readonly calls: readonly CapabilityCall[];
  readonly logs: readonly { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }[];
  readonly cache: ReadonlyMap<string, unknown>;
  readonly files: ReadonlyMap<string, string>;
  /** How the isolate ended by itself; null while it lives. */
  readonly ended: GuestEnd | null;
  /**
   * Sends a request to a route: `GET /hello/you?greeting=hi`. As the host does, answers 404 for what the manifest
   * has no route for, and 401 without a key (`role: null`) where the route is not public. Default role: `anon`.
   */
  request(what: string, options?: RequestOptions): Promise<TestResponse>;
  /** Runs its before-hook; null lets the operation pass. Fails when no hook of the manifest covers it. */
  before(facts: TestFacts): Promise<BeforeHookResult | null>;
  after(
    facts: TestFacts & { readonly answer: NonNullable<HookFacts['answer']> },
  ): Promise<AfterHookResult | null>;
  event(name: string, payload?: unknown): Promise<void>;
  /** @param at when it was due, default now */
  schedule(name: string, at?: Date | string): Promise<void>;
  install(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  uninstall(): Promise<void>;
  health(): Promise<GuestHealth>;
  handover(): Promise<unknown>;
  adopt(handover: { readonly fromVersion: string; readonly state: unknown }): Promise<void>;
  /** Ends the isolate. Also at the end of `await using`. */
  close(): Promise<void>;
}

/**
 * Runs an extension in a real isolate of this process, with fake capabilities. What it throws comes back as
 * `ExtensionError`, with the code a caller would get.
 * @throws ExtensionError when it does not load
 */
export async function testExtension(options: TestOptions): Promise<TestedExtension> {
  const { code, manifest } = await readGuest(options);
  const fakes = new FakeCapabilities(manifest, options.fakes ?? {}, options.denied ?? []);
  const project = options.project ?? 'main';
  const logs: { level: 'debug' | 'info' | 'warn' | 'error'; text: string }[] = [];
  let ended: GuestEnd | null = null;
  const projects = new Map<string, string>();
  const isolate = await createGuestIsolate(
    {
      id: manifest.id,
      version: manifest.version,
      trust: options.trust ?? 'signed',
      code,
      memoryMegabytes: manifest.limits?.memoryMegabytes ?? 64,
      cpuMs: 5_000,
      config: { ...defaultsOf(manifest), ...options.config },
      capabilities: fakes.granted,
      features: [],
      logLinesPerSecond: 1_000,
      concurrentSyscalls: 64,
    },
    {
      syscall: async (capability, method, args, callId) =>
        JSON.stringify(
          await fakes.call(
            capability,
            method,
            JSON.parse(args) as readonly unknown[],
            projects.get(callId ?? '') ?? project,
          ),
        ),
      log: (level, text) => logs.push({ level: levels[level] ?? 'info', text }),
      ended: (end) => {
        ended = end;
      },
    },
  );
  const call = async <T>(entry: GuestEntry, input: unknown, of = project): Promise<T> => {
    const id = randomBytes(12).toString('hex');
    projects.set(id, of);
    try {
      return (await callGuest(isolate, id, entry, input, options, manifest)) as T;
    } finally {
      projects.delete(id);
    }
  };
  const hook = async <T>(when: 'before' | 'after', facts: TestFacts): Promise<T | null> => {
    assertHooked(manifest, when, facts);
    const whole = { ...factDefaults, project, ...facts };
    return (await call<T | undefined>(when, whole, whole.project)) ?? null;
  };
  const close = async (): Promise<void> => isolate.dispose();
  return {
    manifest,
    handlers: isolate.guest.handlers,
    calls: fakes.calls,
    logs,
    cache: fakes.cache,
    files: fakes.files,
    get ended() {
      return ended;
    },
    async request(what, given = {}) {
      const request = requestOf(manifest, what, { project, ...given });
      if ('status' in request) return request;
      const answer = await call<Partial<TestResponse> | null>('request', request, request.project);
      return { status: answer?.status ?? 200, headers: answer?.headers ?? {}, body: answer?.body ?? null };
    },
    before: (facts) => hook<BeforeHookResult>('before', facts),
    after: (facts) => hook<AfterHookResult>('after', facts),
    async event(name, payload = null) {
      assertNamed('event', name, manifest.events ?? []);
      await call('event', { name, payload, project });
    },
    async schedule(name, at = new Date()) {
      assertNamed('schedule', name, manifest.schedules?.map((one) => one.name) ?? []);
      await call('schedule', { name, at: typeof at === 'string' ? at : at.toISOString(), project });
    },
    install: () => call('install', null),
    start: () => call('start', null),
    stop: () => call('stop', null),
    uninstall: () => call('uninstall', null),
    health: () => call('health', null),
    handover: () => call('handover', null),
    adopt: (handover) => call('adopt', handover),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const levels = ['debug', 'info', 'warn', 'error'] as const;
const requestId = '00000000-0000-4000-8000-000000000000';
const factDefaults = { id: null, query: '', body: null, role: 'anon', claims: {}, requestId } as const;

async function readGuest({
  dir,
  bundle,
  manifest,
}: TestOptions): Promise<{ readonly code: string; readonly manifest: ExtensionManifest }> {
  if (bundle !== undefined) {
    if (manifest === undefined) throw new TypeError('A bundle comes with its manifest: give both.');
    return { code: bundle, manifest };
  }
  if (dir === undefined) throw new TypeError('Say what to test: dir, or bundle and manifest.');
  const folder = dir instanceof URL || dir.startsWith('file:') ? fileURLToPath(dir) : dir;
  const file = join(folder, 'magflock.extension.json');
  if (manifest === undefined && !existsSync(file)) {
    throw new TypeError(`${folder} has no magflock.extension.json: give manifest besides.`);
  }
  const read = manifest ?? (JSON.parse(readFileSync(file, 'utf8')) as ExtensionManifest);
  const { code } = await bundleModule({ folder, main: read.main });
  return { code, manifest: read };
}

function callGuest(
  isolate: GuestIsolate,
  id: string,
  entry: GuestEntry,
  input: unknown,
  { timeoutMs = 5_000 }: TestOptions,
  manifest: ExtensionManifest,
): Promise<unknown> {
  const body = {
    entry,
    cpuMs: manifest.limits?.cpuMsPerCall ?? 100,
    deadline: Date.now() + timeoutMs,
    payload: JSON.stringify(input),
  };
  return new Promise((resolve, reject) => {
    isolate.call(id, body, ({ ok, payload }) => {
      const value = JSON.parse(payload) as unknown;
      if (ok) return resolve(value);
      const { code, message, fix, details } = value as ExtensionError;
      reject(new ExtensionError(code, message, { fix, details }));
    });
  });
}

function requestOf(
  manifest: ExtensionManifest,
  what: string,
  { body, ...given }: RequestOptions & { readonly project: string },
): GuestRequest | TestResponse {
  const [, method = '', target = ''] = /^([A-Z]+) (\/\S*)$/.exec(what) ?? [];
  if (method === '')
    throw new TypeError(`A request is a method and a path, "GET /hello/you", not "${what}".`);
  const [path = '', search] = target.split('?', 2);
  const routes = manifest.routes ?? [];
  const matched = matchRoute(
    routes.map((route) => `${route.method} ${route.path}`),
    method,
    path,
  );
  const refused = (status: number, message: string): TestResponse => ({
    status,
    headers: {},
    body: { message },
  });
  if (matched === undefined) return refused(404, `The manifest has no route for ${method} ${path}.`);
  const role = given.role === undefined ? 'anon' : given.role;
  const isPublic = routes.some(
    (route) => route.public === true && matched.key === `${route.method} ${route.path}`,
  );
  if (role === null && !isPublic) return refused(401, 'The route is not public: a key is needed.');
  return {
    method,
    path,
    params: matched.params,
    query: queryOf(search),
    headers: {},
    claims: {},
    requestId,
    ...given,
    role,
    body: body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function queryOf(search = ''): Record<string, string | readonly string[]> {
  const params = new URLSearchParams(search);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const [first = '', ...more] = params.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}

function assertHooked(manifest: ExtensionManifest, when: 'before' | 'after', facts: TestFacts): void {
  const { operation, table } = facts;
  const covered = (manifest.hooks ?? []).some(
    (hook) =>
      hook.when === when &&
      hook.operations.includes(operation) &&
      (hook.tables.includes('*') || hook.tables.includes(table)),
  );
  if (!covered) throw new TypeError(`No hook of the manifest runs ${when} ${operation} of ${table}.`);
}

function assertNamed(kind: string, name: string, names: readonly string[]): void {
  if (!names.includes(name)) {
    throw new TypeError(`The manifest has no ${kind} "${name}"; it has ${names.join(', ') || 'none'}.`);
  }
}

function defaultsOf({ config }: ExtensionManifest): Record<string, string | number | boolean> {
  const properties = (config?.['properties'] ?? {}) as Record<
    string,
    { default?: string | number | boolean }
  >;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
