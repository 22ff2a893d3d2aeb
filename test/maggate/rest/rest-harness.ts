import { parseJson } from '../../../actors/cpu/parse-json.ts';
import { gateway } from '../../../extensions/maggate/gateway.ts';
import type { Catalog, GatewayRequest } from '../../../extensions/sdk/index.ts';
import { DatabaseFailure } from '../../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import type { Identity, RequestRole } from '../../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import { laneBed, outboxRow } from '../../support/postgres-lanes.ts';
import { testCluster } from '../../support/test-cluster.ts';
import { signing } from '../signing.ts';

export interface RestAnswer {
  readonly status: number;
  /** Lower-case names; a header that is repeated is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes as Latin-1. */
  readonly text: string;
  /** The body parsed, when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
  /** Code of the error, when it was one. */
  readonly code: string | undefined;
}

export interface RestOptions {
  readonly body?: unknown;
  /** The body as text, for what is not JSON. */
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** `anon` is nobody, every other role somebody. Default `service_role`. */
  readonly role?: RequestRole;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What a hook demands of rows besides. */
  readonly filter?: string;
}

/** The PostgREST dialect over a project of the test cluster: gateway and lanes, without HTTP and threads. */
export interface Rest {
  /** @param target below /rest/v1: `/items?id=eq.1` */
  call(method: string, target: string, options?: RestOptions): Promise<RestAnswer>;
  plan(method: string, target: string, options?: RestOptions): Plan | GatewayAnswer;
  /** Runs DDL or anything else as the project's owner; `reload` makes it known. */
  sql(text: string): Promise<void>;
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Changes settings of the data API, and makes them known. */
  set(changes: Partial<DataApiSettings>): Promise<void>;
  reload(): Promise<void>;
  /** What a gateway would be told of the project. */
  catalog(): Promise<Catalog>;
  request(method: string, target: string, options?: RestOptions): GatewayRequest;
  close(): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * @param ddl what the project holds; `service_role` gets all rights on schema public
 * @param settings of the data API besides the defaults
 */
export async function openRest(ddl: string, settings: Partial<DataApiSettings> = {}): Promise<Rest> {
  const cluster = await testCluster();
  const project = await cluster.createProject();
  await project.sql(ddl);
  await project.sql(`grant all on all tables in schema public to service_role;
    grant usage on all sequences in schema public to service_role`);
  const bed = laneBed(cluster, project.ref);
  const state = gateway.init({ log: silent, config: {}, ...signing, activate: async () => {} });
  const plan = (request: GatewayRequest) => gateway.plan(state, request);

  const answerTo = async (request: GatewayRequest, options: RestOptions): Promise<GatewayAnswer> => {
    const preflight = request.method === 'OPTIONS' ? await gateway.preflight?.(state, request) : undefined;
    const planned = preflight ?? (await plan(request));
    if (!('sql' in planned)) return planned;
    try {
      const outbox = planned.access === 'write' ? outboxRow() : undefined;
      const identity = identityOf(project.ref, options);
      const result = await bed.lanes.execute(planned, identity, outbox, request.deadline);
      return gateway.answer(state, request, planned, result);
    } catch (thrown) {
      if (thrown instanceof DatabaseFailure) {
        const explained = gateway.explain(state, request, planned, thrown.facts);
        if (explained instanceof Error) throw explained;
        return explained;
      }
      const refused = MagFlockError.is(thrown) ? gateway.refuse?.(state, request, thrown) : undefined;
      if (refused === undefined) throw thrown;
      return refused;
    }
  };

  const rest: Rest = {
    plan: (method, target, options = {}) => {
      const planned = plan(requestOf(project.ref, method, target, options));
      if (planned instanceof Promise) throw new Error('planned asynchronously');
      return planned;
    },
    call: async (method, target, options = {}) =>
      read(await answerTo(requestOf(project.ref, method, target, options), options)),
    sql: (text) => project.sql(text),
    query: async (text) => (await project.query(text)).rows,
    async set(changes) {
      await cluster.storage.setDataApiSettings(project.ref, changes);
      await rest.reload();
    },
    async reload() {
      gateway.applyDelta(state, { project: project.ref, catalog: await rest.catalog() });
    },
    catalog: () => cluster.storage.catalog(project.ref),
    request: (method, target, options = {}) => requestOf(project.ref, method, target, options),
    async close() {
      await bed.close();
      await project.remove();
    },
  };
  await rest.set(settings);
  return rest;
}

function requestOf(project: string, method: string, target: string, options: RestOptions): GatewayRequest {
  const [path = '', ...query] = target.split('?');
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const role = options.role ?? 'service_role';
  return {
    id: 'test',
    trace: '',
    project,
    method,
    path: `/rest/v1${path}`,
    mount: '/rest/v1',
    mountedPath: path,
    query: query.join('?'),
    headers: options.headers ?? {},
    body,
    bytes: options.bytes,
    json: body === undefined ? undefined : jsonOrNothing(body),
    address: '127.0.0.1',
    deadline: Date.now() + 10_000,
    startedAt: Date.now(),
    visibleAs: role,
    isAnonymous: role === 'anon',
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  };
}

function jsonOrNothing(text: string): GatewayRequest['json'] {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function identityOf(project: string, { role = 'service_role', claims = {} }: RestOptions): Identity {
  return {
    project,
    role,
    claims: JSON.stringify({ ...claims, role }),
    isAnonymous: role === 'anon',
    keyId: 'test',
    scopes: {},
  };
}

function read({ status, headers, body, failed }: GatewayAnswer): RestAnswer {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('latin1');
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    typeof value === 'string' ? value : value.join(', '),
  ]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status, headers: Object.fromEntries(entries), text, body: parsed, code: failed };
}
