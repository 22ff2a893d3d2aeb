import { auditKeys } from '../../../actors/audit/audit-keys.ts';
import { outboxRow } from '../../../actors/audit/outbox-row.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExtensionLoginRequest, OutboxRow } from '../../../runtime/protocol/storage.protocol.ts';
import { createDbReadCapability } from '../../../sandbox/broker/capabilities/db-read.capability.ts';
import { createDbSchemaCapability } from '../../../sandbox/broker/capabilities/db-schema.capability.ts';
import {
  createDbWriteCapability,
  type ExtensionWrite,
} from '../../../sandbox/broker/capabilities/db-write.capability.ts';
import type { CapabilityCall } from '../../../sandbox/broker/capability.ts';
import { ExtensionDatabases } from '../../../sandbox/broker/database/extension-databases.ts';
import type { GuestRows } from '../../../sandbox/broker/database/guest-query.ts';
import { SqlCheck } from '../../../sandbox/broker/sql-check/sql-check.ts';
import type { TestCluster } from '../../support/test-cluster.ts';

/** Key of the audit trail that tests use. */
export const testAuditKey = '3c'.repeat(32);

/** An extension with a database, as the broker would serve it. */
export class DbBed {
  readonly databases: ExtensionDatabases;
  readonly check = new SqlCheck();
  readonly writes: ExtensionWrite[] = [];
  readonly extension = 'acme.reports';
  readonly #login: ExtensionLoginRequest;
  /** What is left of the quota of rows. */
  rows = 1_000_000;
  logins = 0;
  /** Own schema that the login has from now on. */
  schema: string | null;

  constructor(cluster: TestCluster, login: Omit<ExtensionLoginRequest, 'extension'>) {
    this.#login = { ...login, extension: this.extension };
    this.schema = login.schema;
    this.databases = new ExtensionDatabases({
      login: () => {
        this.logins += 1;
        return cluster.storage.extensionLogin({ ...this.#login, schema: this.schema });
      },
    });
  }

  read(
    text: string,
    values?: readonly unknown[],
    call: Partial<CapabilityCall> & Wall = {},
  ): Promise<GuestRows> {
    const { query } = createDbReadCapability({ databases: this.databases, check: this.#wall(call) }).methods;
    return query!(this.call('db.read', [text, values ?? []], call)) as Promise<GuestRows>;
  }

  write(
    text: string,
    values?: readonly unknown[],
    call: Partial<CapabilityCall> & Wall = {},
  ): Promise<GuestRows> {
    const { query } = createDbWriteCapability({
      databases: this.databases,
      check: this.#wall(call),
      outboxRow: (write) => this.#outbox(write),
    }).methods;
    return query!(this.call('db.write', [text, values ?? []], call)) as Promise<GuestRows>;
  }

  /** `db.own.query` of the guest. */
  own(
    text: string,
    values?: readonly unknown[],
    call: Partial<CapabilityCall> & Wall = {},
  ): Promise<GuestRows> {
    const { query } = createDbSchemaCapability({
      databases: this.databases,
      check: this.#wall(call),
      outboxRow: (write) => this.#outbox(write),
    }).methods;
    return query!(
      this.call('db.schema', [text, values ?? []], { scopes: ['*'], ...call }),
    ) as Promise<GuestRows>;
  }

  call(
    capability: 'db.read' | 'db.write' | 'db.schema',
    args: readonly unknown[],
    more: Partial<CapabilityCall> = {},
  ): CapabilityCall {
    const granted = capability === 'db.read' ? this.#login.read : this.#login.write;
    return {
      extension: this.extension,
      name: 'reports',
      project: this.#login.project,
      requestId: null,
      scopes: granted.map(({ table, columns }) =>
        columns === undefined ? table : `${table}(${columns.join(',')})`,
      ),
      args,
      signal: new AbortController().signal,
      deadline: Date.now() + 30_000,
      spend: (_quota, amount) => {
        if (amount > this.rows) throw new MagFlockError('MF664', 'no rows left');
        this.rows -= amount;
      },
      ...more,
    };
  }

  async close(): Promise<void> {
    await this.databases.close();
    await this.check.close();
  }

  #wall({ firstWallOnly = false }: Wall): SqlCheck | null {
    return firstWallOnly ? null : this.check;
  }

  #outbox(write: ExtensionWrite): OutboxRow {
    this.writes.push(write);
    const { extension, project, requestId, operation, table, body } = write;
    const keyId = `extension:${extension}`;
    const identity = {
      project,
      role: 'service_role',
      claims: '{}',
      isAnonymous: false,
      keyId,
      scopes: {},
    } as const;
    const facts = {
      identity,
      requestId: requestId ?? '',
      address: '',
      operation,
      table,
      target: table,
      body,
    };
    return outboxRow(auditKeys(testAuditKey).outbox, facts);
  }
}

interface Wall {
  /** Without the check of statements. */
  readonly firstWallOnly?: boolean;
}
