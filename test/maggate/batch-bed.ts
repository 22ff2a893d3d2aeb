import { parseJson } from '../../actors/cpu/parse-json.ts';
import { readCatalog } from '../../actors/storage/owner/read-catalog.ts';
import type { Pools } from '../../actors/storage/postgres/pools.ts';
import { gateway } from '../../extensions/maggate/gateway.ts';
import { ExtensionError, type GatewayRequest } from '../../extensions/sdk/index.ts';
import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { RequestRole } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import type { Statement } from '../../runtime/protocol/storage.protocol.ts';
import { laneBed, outboxRow } from '../support/postgres-lanes.ts';
import { testCluster } from '../support/test-cluster.ts';

export interface BatchResult {
  readonly id: string;
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into rows of any shape
  readonly data: any;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface BatchAnswer {
  readonly status: number;
  readonly text: string;
  readonly results: readonly BatchResult[];
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly fix: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: details of any error
  readonly details: any;
  readonly plan: Plan | undefined;
}

export interface BatchOptions {
  readonly role?: RequestRole;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly limits?: Plan['limits'];
  /** Idempotency-Key. */
  readonly once?: string;
}

/** Batches over a project of the test cluster: MagGate and the real lanes, without HTTP. */
export interface BatchBed {
  /** @param operations of the batch, or the whole body as text */
  run(operations: unknown, options?: BatchOptions): Promise<BatchAnswer>;
  sql(text: string): Promise<void>;
  one(text: string): Promise<unknown>;
  close(): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function openBatches(ddl: string): Promise<BatchBed> {
  const cluster = await testCluster();
  const project = await cluster.createProject();
  await project.sql(ddl);
  await project.sql('grant all on all tables in schema public to service_role');
  await project.sql('grant usage on all sequences in schema public to service_role');
  const lanes = laneBed(cluster, project.ref);
  const admin = await cluster.superuser(project.database);
  const query = ({ text, values }: Statement) => admin.query(text, values as unknown[]);
  const pools = {
    query: (_database: string, statement: Statement) => query(statement),
    async transaction(_database: string, statements: readonly Statement[]) {
      const answers = [];
      await admin.query('set search_path = pg_catalog; begin');
      for (const statement of statements) answers.push(await query(statement));
      await admin.query('commit');
      return answers;
    },
  } as unknown as Pools;
  const never = (): never => assertNever();
  const state = gateway.init({
    log: silent,
    config: { maxLimit: 50, defaultLimit: 10 },
    activate: async () => {},
    sign: never,
    verify: never,
  });
  const catalog = await readCatalog(pools, project.ref);
  gateway.applyDelta(state, { project: project.ref, catalog });

  return {
    async run(operations, options = {}) {
      const body = typeof operations === 'string' ? operations : JSON.stringify({ operations });
      const role = options.role ?? 'service_role';
      const request = requestOf(project.ref, body, role, options);
      let plan: Plan | undefined;
      try {
        const planned = await gateway.plan(state, request);
        if (!('sql' in planned)) throw new Error('answered without a plan');
        plan = options.limits === undefined ? planned : { ...planned, limits: options.limits };
        const identity = {
          project: project.ref,
          role,
          claims: JSON.stringify({ role, ...options.claims }),
          isAnonymous: role === 'anon',
          keyId: 'k',
          scopes: {},
        };
        const outbox = plan.access === 'write' ? outboxRow() : undefined;
        const deadline = Date.now() + 5000;
        const result =
          options.once === undefined
            ? await lanes.lanes.execute(plan, identity, outbox, deadline)
            : await lanes.lanes.executeOnce(plan, identity, outbox, deadline, {
                key: options.once,
                digest: 'd',
              });
        const answer = gateway.answer(state, request, plan, result);
        const text = String(answer.body);
        return { ...none, status: answer.status, text, results: JSON.parse(text).results, plan };
      } catch (thrown) {
        const error =
          thrown instanceof DatabaseFailure && plan !== undefined
            ? gateway.explain(state, request, plan, thrown.facts)
            : thrown;
        if (!(error instanceof ExtensionError) && !MagFlockError.is(error)) throw error;
        const { code, message, fix, details, status } = MagFlockError.from(error);
        return { ...none, code, message, fix, details, status, plan };
      }
    },
    sql: (text) => project.sql(text),
    one: async (text) => Object.values((await project.query(text)).rows[0] ?? {})[0],
    async close() {
      await lanes.close();
      await admin.end();
      await project.remove();
    },
  };
}

const none = {
  text: '',
  results: [],
  code: undefined,
  message: undefined,
  fix: undefined,
  details: undefined,
};

function assertNever(): never {
  throw new Error('A batch signs nothing.');
}

function requestOf(
  project: string,
  body: string,
  role: RequestRole,
  { method = 'POST', path = '/', query = '' }: BatchOptions,
): GatewayRequest {
  return {
    id: 'test',
    trace: '',
    project,
    method,
    path: `/batch/v1${path === '/' ? '' : path}`,
    mount: '/batch/v1',
    mountedPath: path,
    query,
    headers: {},
    body,
    json: parseJson(body),
    address: '127.0.0.1',
    deadline: Date.now() + 5000,
    startedAt: Date.now(),
    visibleAs: role,
    isAnonymous: role === 'anon',
  };
}
