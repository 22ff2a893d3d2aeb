import pino from 'pino';
import { Registry } from 'prom-client';
import { buildFront } from '../../actors/cpu/front.ts';
import { gateway } from '../../extensions/maggate/gateway.ts';
import type { DataApiSettings } from '../../runtime/protocol/data-api-settings.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type {
  Identity,
  IdentityHandle,
  KeyScopes,
  RequestRole,
} from '../../runtime/protocol/identity.protocol.ts';
import type { OnceRequest, StorageReplica } from '../../runtime/protocol/storage.protocol.ts';
import { defaultSettings } from '../cpu/serve.ts';
import { fakeReplicas } from '../support/fake-replicas.ts';
import { laneBed } from '../support/postgres-lanes.ts';
import { testCluster } from '../support/test-cluster.ts';
import { signing } from './signing.ts';

export interface FrontAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
}

export interface FrontOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly role?: RequestRole;
  /** Who asks; default `k1`. */
  readonly keyId?: string;
  readonly scopes?: KeyScopes;
}

/** The whole way of a request over HTTP, with the real gateway and lanes, and a PSU that believes everybody. */
export interface DataFront {
  /** @param target `/api/item/1`, `/rest/v1/item?id=eq.1` */
  send(method: string, target: string, options?: FrontOptions): Promise<FrontAnswer>;
  sql(text: string): Promise<void>;
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  set(changes: Partial<DataApiSettings>): Promise<void>;
  reload(): Promise<void>;
  readonly project: string;
  close(): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * @param ddl what the project holds; `service_role` gets all rights on schema public
 */
export async function openFront(ddl: string): Promise<DataFront> {
  const cluster = await testCluster();
  const project = await cluster.createProject();
  await project.sql(ddl);
  await project.sql(`grant all on all tables in schema public to service_role;
    grant usage on all sequences in schema public to service_role`);
  // Two threads, each with connections of its own.
  const beds = [laneBed(cluster, project.ref), laneBed(cluster, project.ref)];
  const state = gateway.init({ log: silent, config: {}, ...signing, activate: async () => {} });
  const fakes = fakeReplicas();
  const handles = new WeakMap<IdentityHandle, Identity>();
  let turn = 0;
  const storage: StorageReplica = {
    available: true,
    execute(plan, handle, outbox, { deadline, once }) {
      const { lanes } = beds[turn++ % beds.length] as (typeof beds)[number];
      const who = handles.get(handle) as Identity;
      return once === undefined
        ? lanes.execute(plan, who, outbox, deadline)
        : lanes.executeOnce(plan, who, outbox, deadline, once as OnceRequest);
    },
  };
  const replica: GatewayReplica = {
    mounts: gateway.mounts,
    dialect: gateway.dialect,
    plan: (request) => gateway.plan(state, request),
    answer: (request, plan, result) => gateway.answer(state, request, plan, result),
    explain: (request, plan, error) => gateway.explain(state, request, plan, error),
    refuse: (request, error) => gateway.refuse?.(state, request, error),
  };
  const front = buildFront({
    settings: defaultSettings(),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    replicas: {
      ...fakes,
      storage,
      audit: {
        outboxRow: () => ({ id: crypto.randomUUID(), entry: '{"kind":"write"}', mac: 'test' }),
        keyRefused() {},
      },
      psu: {
        ...fakes.psu,
        authenticate({ headers, project: ref }) {
          const { role, keyId, scopes } = JSON.parse(headers['x-api-key'] ?? '{}');
          const handle = {} as IdentityHandle;
          const claims = JSON.stringify({ role, sub: keyId });
          handles.set(handle, { project: ref, role, claims, isAnonymous: role === 'anon', keyId, scopes });
          return handle;
        },
        open: (handle) => handles.get(handle) as Identity,
        authorize() {},
      },
    },
    gateways: [replica],
    wakeAudit() {},
  });
  const { port } = await front.listener.listen('127.0.0.1', 0, false);

  const bed: DataFront = {
    project: project.ref,
    async send(
      method,
      target,
      { body, headers = {}, role = 'service_role', keyId = 'k1', scopes = {} } = {},
    ) {
      const response = await fetch(`http://127.0.0.1:${port}/p/${project.ref}${target}`, {
        method,
        headers: {
          'X-API-Key': JSON.stringify({ role, keyId, scopes }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text === '' ? undefined : JSON.parse(text),
      };
    },
    sql: (text) => project.sql(text),
    query: async (text) => (await project.query(text)).rows,
    async set(changes) {
      await cluster.storage.setDataApiSettings(project.ref, changes);
      await bed.reload();
    },
    async reload() {
      gateway.applyDelta(state, {
        project: project.ref,
        catalog: await cluster.storage.catalog(project.ref),
      });
    },
    async close() {
      await front.stop();
      await Promise.all(beds.map((one) => one.close()));
      await project.remove();
    },
  };
  await bed.set({});
  return bed;
}
