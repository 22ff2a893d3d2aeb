import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { AuditReplica } from '../../runtime/protocol/audit.protocol.ts';
import type { DatabaseErrorFacts, GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { Identity, IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import type { PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import type { Inspection, SentinelReplica } from '../../runtime/protocol/sentinel.protocol.ts';
import type { StorageReplica } from '../../runtime/protocol/storage.protocol.ts';

/** What the fakes saw, in order, as short words: `inspect`, `authenticate`, `execute:select` … */
export interface FakeReplicas {
  readonly seen: string[];
  readonly sentinel: SentinelReplica;
  readonly psu: PsuReplica;
  readonly audit: AuditReplica;
  readonly storage: StorageReplica & { available: boolean };
  readonly gateway: GatewayReplica;
  /** What the gateway was asked last. */
  lastRequest: Parameters<GatewayReplica['plan']>[0] | undefined;
  /** Replaces what the database does; the default answers one row. */
  onExecute: (plan: Plan) => Promise<PlanResult>;
}

export const fakeKeys = { secret: 'sec-main', public: 'pub-main', revoked: 'old-main', other: 'sec-other' };

const failure: DatabaseErrorFacts = {
  sqlstate: '23505',
  message: 'duplicate key value violates unique constraint "track_pkey"',
  detail: undefined,
  hint: undefined,
  schema: 'public',
  table: 'track',
  column: undefined,
  constraint: 'track_pkey',
  dataType: undefined,
  where: undefined,
  parameter: undefined,
};

const allowed: Inspection = {
  action: 'allow',
  band: 'none',
  score: 0,
  signature: undefined,
  surface: undefined,
  where: undefined,
  incident: undefined,
  agent: 'fake',
  unsure: [],
};

/** Replicas without state, database or guard: each answers by a word it finds in the request. */
export function fakeReplicas(): FakeReplicas {
  const seen: string[] = [];
  const handles = new WeakMap<IdentityHandle, Identity>();
  const fakes: FakeReplicas = {
    seen,
    lastRequest: undefined,
    onExecute: async () => ({
      body: '{"data":{"id":1},"meta":{"hasMore":false}}',
      rows: 1,
      location: undefined,
      databaseMs: 0.5,
    }),
    sentinel: {
      inspect(facts) {
        seen.push('inspect');
        const all = `${facts.path} ${facts.query} ${Object.values(facts.headers).join(' ')} ${facts.body ?? ''}`;
        const attack = /OR(?:%20|\+| )(?:'|%27)1/.test(all);
        const action = attack ? 'block' : 'allow';
        const incident = attack ? '0198c0de-0000-7000-8000-000000000001' : undefined;
        return {
          action,
          band: attack ? 'critical' : 'none',
          score: attack ? 0.99 : 0,
          signature: 'fake',
          surface: 'query',
          where: 'query',
          incident,
          agent: 'fake',
          unsure: [],
        };
      },
      judge() {
        seen.push('judge');
        return allowed;
      },
      hasBlocks: () => false,
      blockOf: () => undefined,
    },
    psu: {
      mac: () => Buffer.alloc(32),
      authenticate(facts) {
        seen.push('authenticate');
        const key = facts.headers['x-api-key'];
        if (key === undefined) throw new MagFlockError('MF201', 'The request carries no key.');
        if (key === fakeKeys.revoked) throw new MagFlockError('MF204', 'The key was revoked.');
        if (key === fakeKeys.other) throw new MagFlockError('MF205', 'The key belongs to another project.');
        if (key !== fakeKeys.secret && key !== fakeKeys.public)
          throw new MagFlockError('MF202', 'Wrong key.');
        const handle = {} as IdentityHandle;
        const role = key === fakeKeys.secret ? 'service_role' : 'anon';
        handles.set(handle, {
          project: facts.project,
          role,
          claims: '{}',
          isAnonymous: role === 'anon',
          keyId: 'k1',
          scopes: {},
        });
        return handle;
      },
      open(handle) {
        const identity = handles.get(handle);
        if (identity === undefined) throw new MagFlockError('MF202', 'Not a handle of this PSU.');
        return identity;
      },
      authorize(_handle, operation, table) {
        seen.push(`authorize:${operation}:${table}`);
        if (table === 'out_of_scope') throw new MagFlockError('MF206', 'The key does not cover this table.');
      },
    },
    audit: {
      outboxRow(write) {
        seen.push(`outbox:${write.operation}:${write.target}`);
        return { id: write.requestId, entry: '{}', mac: 'mac' };
      },
      keyRefused(refusal) {
        seen.push(`refused:${refusal.project}:${refusal.code}:${refusal.address}`);
      },
    },
    storage: {
      available: true,
      async execute(plan, _identity, outbox) {
        seen.push(`execute:${plan.operation}${outbox === undefined ? '' : ':audited'}`);
        return fakes.onExecute(plan);
      },
    },
    gateway: {
      mounts: ['/api'],
      dialect: 'problem',
      plan(request) {
        seen.push('plan');
        fakes.lastRequest = request;
        const table = request.mountedPath.split('/')[1] ?? '';
        if (table === '')
          return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"tables":[]}' };
        if (table === 'later') return Promise.resolve(planFor(request.method, 'track'));
        if (table === 'broken') throw new Error('a secret of the host: /root/master.key');
        if (table === 'badheader') return { status: 200, headers: { 'X-Bad': 'a\nb' }, body: '' };
        if (table === 'nopost' && request.method !== 'GET') {
          throw new MagFlockError('MF105', 'The view takes only GET.', {
            details: { allow: ['GET', 'HEAD'] },
          });
        }
        if (table !== 'track' && table !== 'out_of_scope') {
          throw new MagFlockError('MF401', `There is no table "${table}".`, { fix: 'Did you mean "track"?' });
        }
        return planFor(request.method, table);
      },
      answer(_request, plan, result) {
        const headers = { 'Content-Type': plan.answer.contentType };
        return { status: plan.answer.status, headers, body: result.body ?? '' };
      },
      explain(_request, _plan, error) {
        return new MagFlockError('MF409', error.message, { details: { constraint: error.constraint } });
      },
    },
  };
  return fakes;
}

/** A failure as Storage throws it, for `onExecute`. */
export function uniqueViolation(): DatabaseFailure {
  return new DatabaseFailure(failure);
}

const operations = { POST: 'insert', PUT: 'update', PATCH: 'update', DELETE: 'delete' } as const;
const actions = { POST: 'create', PUT: 'replace', PATCH: 'update', DELETE: 'delete' } as const;
const statuses = { insert: 201, update: 200, delete: 204, select: 200 };

function planFor(method: string, table: string): Plan {
  const operation = (operations[method as keyof typeof operations] ?? 'select') as Plan['operation'];
  return {
    access: operation === 'select' ? 'read' : 'write',
    operation,
    table: { schema: 'public', name: table },
    sql: 'select 1',
    parameters: [],
    parameterColumns: [],
    shape: 'one',
    action: actions[method as keyof typeof actions] ?? 'list',
    schemaVersion: 1,
    answer: { status: statuses[operation], contentType: 'application/json' },
  };
}
