import type { Client } from 'pg';
import { parseJson } from '../../actors/cpu/parse-json.ts';
import { readCatalog } from '../../actors/storage/owner/read-catalog.ts';
import { mapError } from '../../actors/storage/postgres/map-error.ts';
import type { Pools } from '../../actors/storage/postgres/pools.ts';
import { gateway } from '../../extensions/maggate/gateway.ts';
import { ExtensionError, type GatewayRequest } from '../../extensions/sdk/index.ts';
import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';
import type { RequestRole } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import type { Statement } from '../../runtime/protocol/storage.protocol.ts';
import { testCluster } from '../support/test-cluster.ts';
import { signing } from './signing.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body parsed; problem details for an error. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
  /** Code of the error, when it was one. */
  readonly code: string | undefined;
  readonly fix: string | undefined;
  readonly message: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly plan: Plan | undefined;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** The body as text, for what JSON.stringify cannot write (large numbers). */
  readonly text?: string;
  readonly role?: RequestRole;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a hook demands of rows besides. */
  readonly filter?: string;
}

/** MagGate over a project of the test cluster, without HTTP and threads: plan → execute as a role → answer. */
export interface Api {
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  plan(method: string, path: string, options?: RequestOptions): Plan | GatewayAnswer;
  /** Runs DDL or anything else as the project's owner. */
  sql(text: string): Promise<void>;
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Reads the catalogue again, as the owner side does after DDL. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * @param ddl what the project holds
 * @param config of MagGate
 */
export async function openApi(ddl: string, config: Record<string, number> = {}): Promise<Api> {
  const cluster = await testCluster();
  const project = await cluster.createProject();
  const admin = await cluster.superuser(project.database);
  await project.sql(ddl);
  await project.sql('grant all on all tables in schema public to service_role');
  await project.sql('grant usage on all sequences in schema public to service_role');
  const lane: Client = await cluster.connect(cluster.logins.authenticator(project.ref), project.database);
  const state = gateway.init({ log: silent, config, ...signing, activate: async () => {} });
  const pools = {
    query: async (_database: string, { text, values }: Statement) => {
      await admin.query('set search_path = pg_catalog');
      return admin.query(text, values as unknown[]);
    },
    async transaction(_database: string, statements: readonly Statement[]) {
      const answers = [];
      await admin.query('set search_path = pg_catalog');
      await admin.query('begin');
      for (const { text, values } of statements) answers.push(await admin.query(text, values as unknown[]));
      await admin.query('commit');
      return answers;
    },
  } as unknown as Pools;

  const api: Api = {
    plan: (method, path, options = {}) => {
      const planned = gateway.plan(state, requestOf(method, path, options));
      if (planned instanceof Promise) throw new Error('planned asynchronously');
      return planned;
    },
    async call(method, path, options = {}) {
      const request = requestOf(method, path, options);
      let plan: Plan | undefined;
      try {
        const planned = await gateway.plan(state, request);
        if (!('sql' in planned)) return answerOf(planned, undefined);
        plan = planned;
        const result = await execute(lane, planned, options.role ?? 'service_role');
        return answerOf(gateway.answer(state, request, planned, result), plan);
      } catch (thrown) {
        if (thrown instanceof ExtensionError) return failureOf(thrown, plan);
        const mapped = mapError(thrown);
        if (mapped instanceof DatabaseFailure && plan !== undefined) {
          const explained = gateway.explain(state, request, plan, mapped.facts);
          return explained instanceof Error ? failureOf(explained, plan) : answerOf(explained, plan);
        }
        if (mapped.message !== '' && 'code' in mapped) return failureOf(mapped, plan);
        throw thrown;
      }
    },
    sql: (text) => project.sql(text),
    query: async (text) => (await project.query(text)).rows,
    async reload() {
      const catalog = await readCatalog(pools, project.ref);
      gateway.applyDelta(state, { project: 'main', catalog: { ...catalog, project: 'main' } });
    },
    async close() {
      await lane.end();
      await admin.end();
      await project.remove();
    },
  };
  await api.reload();
  return api;
}

function requestOf(method: string, target: string, options: RequestOptions): GatewayRequest {
  const [path = '', ...rest] = target.split('?');
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  return {
    id: 'test',
    trace: '',
    project: 'main',
    method,
    path,
    mount: '/api',
    mountedPath: path.replace(/^\/api/, ''),
    query: rest.join('?'),
    headers: options.headers ?? {},
    body,
    json: body === undefined ? undefined : parseJson(body),
    address: '127.0.0.1',
    deadline: Date.now() + 5000,
    startedAt: Date.now(),
    visibleAs: options.role ?? 'service_role',
    isAnonymous: false,
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  };
}

/** One transaction as the role, with the settings the lane sets. */
async function execute(lane: Client, plan: Plan, role: RequestRole): Promise<PlanResult> {
  await lane.query('begin');
  try {
    await lane.query(`set local role ${role}`);
    await lane.query('set local search_path = public, pg_temp');
    const { rows } = await lane.query({ text: plan.sql, values: [...plan.parameters] });
    await lane.query('commit');
    if (rows.length !== 1) throw new Error(`The plan answered ${rows.length} rows instead of one.`);
    const [row] = rows;
    return {
      body: row.body,
      rows: Number(row.rows),
      location: row.header_location ?? undefined,
      ...(plan.columns === undefined
        ? {}
        : { columns: Object.fromEntries(plan.columns.map((name) => [name, row[name] ?? null])) }),
      databaseMs: 0,
    };
  } catch (error) {
    await lane.query('rollback');
    throw error;
  }
}

function answerOf(answer: GatewayAnswer, plan: Plan | undefined): Answer {
  const text = String(answer.body);
  return {
    status: answer.status,
    headers: answer.headers as Readonly<Record<string, string>>,
    text,
    body: text === '' ? undefined : JSON.parse(text),
    code: undefined,
    fix: undefined,
    message: undefined,
    details: undefined,
    plan,
  };
}

function failureOf(thrown: Error, plan: Plan | undefined): Answer {
  const error = MagFlockError.from(thrown);
  return {
    status: error.status,
    headers: {},
    text: '',
    body: undefined,
    code: error.code,
    fix: error.fix,
    message: error.message,
    details: error.details,
    plan,
  };
}
