import type { Capability } from '../capability.ts';
import type { ExtensionDatabases } from '../database/extension-databases.ts';
import { runGuestStatement } from '../database/run-guest-statement.ts';
import type { StatementVerdicts } from '../database/statement-verdicts.ts';
import type { SqlCheck } from '../sql-check/sql-check.ts';

export interface DbReadOptions {
  readonly databases: ExtensionDatabases;
  /** Null only in tests of the wall behind it. */
  readonly check: SqlCheck | null;
  readonly verdicts?: StatementVerdicts | undefined;
}

/** `db.read`: `query(sql, parameters?)` in a read-only transaction, as the extension's own login. */
export function createDbReadCapability({ databases, check, verdicts }: DbReadOptions): Capability {
  return {
    name: 'db.read',
    methods: { query: (call) => runGuestStatement(call, { databases, check, verdicts, access: 'read' }) },
    changed: (extension) => databases.changed(extension),
    release: (extension) => databases.close(extension),
  };
}
