import { randomUUID } from 'node:crypto';
import { laneOptions } from '../../actors/storage/postgres/pipeline/lane-options.ts';
import { Lanes, type LanesOptions } from '../../actors/storage/postgres/pipeline/lanes.ts';
import type { Identity, RequestRole } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import type { OutboxRow } from '../../runtime/protocol/storage.protocol.ts';
import type { TestCluster } from './test-cluster.ts';

/** Lanes of a test, with the shortest way to run a statement through them. */
export interface LaneBed {
  readonly lanes: Lanes;
  /** A read with `body` and `rows`; answers the body. */
  read(sql: string, options?: RunOptions): Promise<string | null>;
  /** The same, with everything that was answered. */
  run(sql: string, options?: RunOptions): Promise<PlanResult>;
  /** A write with its outbox row. */
  write(sql: string, options?: RunOptions): Promise<PlanResult>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly project?: string;
  readonly role?: RequestRole;
  readonly claims?: string;
  readonly parameters?: readonly (string | null)[];
  /** Default: the text itself. */
  readonly shape?: string | undefined;
  readonly timeoutMs?: number;
  readonly outbox?: OutboxRow;
  /** What else the plan asks for. */
  readonly plan?: Partial<Plan>;
}

/** Lanes as one CPU thread would have them, on a project of the test cluster. */
export function laneBed(cluster: TestCluster, project: string, options: Partial<LanesOptions> = {}): LaneBed {
  const lanes = new Lanes({
    ...laneOptions(
      {
        'storage.maxConnections': 60,
        'storage.laneConnections': 1,
        'storage.statementTimeoutMs': 2000,
        'storage.idleSeconds': 60,
      },
      2,
    ),
    sealed: async () => false,
    active: () => {},
    ...options,
  });
  lanes.applySnapshot(cluster.storage.laneSnapshot());
  return {
    lanes,
    async read(sql, run = {}) {
      const { body } = await this.run(sql, run);
      return body;
    },
    run: (sql, run = {}) =>
      lanes.execute(
        testPlan('read', sql, run),
        identity(project, run),
        undefined,
        Date.now() + (run.timeoutMs ?? 10_000),
      ),
    write: (sql, run = {}) =>
      lanes.execute(
        testPlan('write', sql, run),
        identity(project, run),
        run.outbox ?? outboxRow(),
        Date.now() + (run.timeoutMs ?? 10_000),
      ),
    close: () => lanes.close(),
  };
}

export function outboxRow(): OutboxRow {
  return { id: randomUUID(), entry: '{"kind":"write"}', mac: 'test' };
}

/** A plan around a text that selects `body` and `rows`, or around an expression that becomes the body. */
export function testPlan(access: Plan['access'], sql: string, run: RunOptions = {}): Plan {
  const text = /\bas body\b|^(explain|begin|rollback|commit|reset|bad)/i.test(sql)
    ? sql
    : `select (${sql})::text as body, 1::bigint as rows`;
  return {
    access,
    operation: access === 'read' ? 'select' : 'insert',
    table: { schema: 'public', name: 'item' },
    sql: text,
    parameters: run.parameters ?? [],
    parameterColumns: (run.parameters ?? []).map(() => null),
    shape: 'shape' in run ? run.shape : text,
    schemaVersion: 1,
    answer: { status: 200, contentType: 'application/json' },
    ...run.plan,
  };
}

function identity(project: string, run: RunOptions): Identity {
  return {
    project: run.project ?? project,
    role: run.role ?? 'service_role',
    claims: run.claims ?? '{"role":"service_role"}',
    isAnonymous: false,
    keyId: 'test',
    scopes: {},
  };
}
