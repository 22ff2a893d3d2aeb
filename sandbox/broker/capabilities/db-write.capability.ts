import type { OutboxRow } from '../../../runtime/protocol/storage.protocol.ts';
import type { Capability } from '../capability.ts';
import { auditedTable } from '../database/audited-table.ts';
import type { ExtensionDatabases } from '../database/extension-databases.ts';
import { runGuestStatement } from '../database/run-guest-statement.ts';
import type { StatementVerdicts } from '../database/statement-verdicts.ts';
import type { SqlCheck } from '../sql-check/sql-check.ts';

/** A write as the audit trail hears of it. */
export interface ExtensionWrite {
  /** Id of the extension. */
  readonly extension: string;
  readonly project: string;
  /** Id of the request on whose behalf; null outside of any. */
  readonly requestId: string | null;
  /** `insert`, `update`, `delete`, `merge`, `select`; `query` when nobody looked. */
  readonly operation: string;
  /** The table it changes, with its schema unless that is `public`; empty when it names none. */
  readonly table: string;
  /** Statement and parameters; the trail keeps their digest. */
  readonly body: string;
}

export interface DbWriteOptions {
  readonly databases: ExtensionDatabases;
  /** Null only in tests of the wall behind it. */
  readonly check: SqlCheck | null;
  readonly verdicts?: StatementVerdicts | undefined;
  /** Makes the audit row, which goes into the write's own transaction; only the daemon can make its MAC. */
  readonly outboxRow: (write: ExtensionWrite) => OutboxRow;
  /** A row waits to be sealed. */
  readonly written?: (project: string) => void;
}

/** `db.write`: `query(sql, parameters?)` as the extension's own login, with an audit row for each statement. */
export function createDbWriteCapability(options: DbWriteOptions): Capability {
  const { databases, check, verdicts, outboxRow, written } = options;
  return {
    name: 'db.write',
    methods: {
      async query(call) {
        const { extension, project, requestId } = call;
        const answer = await runGuestStatement(call, {
          databases,
          check,
          verdicts,
          access: 'write',
          outbox(facts, body) {
            // A name without a schema may be of its own, or the project's: the trail says what the statement says.
            const table = auditedTable(facts, null);
            const operation = facts?.action ?? 'query';
            return outboxRow({ extension, project, requestId, operation, table, body });
          },
        });
        written?.(project);
        return answer;
      },
    },
    changed: (extension) => databases.changed(extension),
    release: (extension) => databases.close(extension),
  };
}
