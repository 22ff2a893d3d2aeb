import type { Capability } from '../capability.ts';
import { auditedTable } from '../database/audited-table.ts';
import { runGuestStatement } from '../database/run-guest-statement.ts';
import type { DbWriteOptions } from './db-write.capability.ts';

/**
 * `db.schema`: `query(sql, parameters?)` on the tables of the extension's own schema, which a name without a schema
 * means here, and on no others. What changes rows has an audit row, as with `db.write`.
 */
export function createDbSchemaCapability(options: DbWriteOptions): Capability {
  const { databases, check, verdicts, outboxRow, written } = options;
  return {
    name: 'db.schema',
    methods: {
      async query(call) {
        const { extension, project, requestId } = call;
        let wrote = false;
        const answer = await runGuestStatement(call, {
          databases,
          check,
          verdicts,
          access: 'own',
          outbox(facts, body, schema) {
            wrote = true;
            const operation = facts?.action ?? 'query';
            const table = auditedTable(facts, schema);
            return outboxRow({ extension, project, requestId, operation, table, body });
          },
        });
        if (wrote) written?.(project);
        return answer;
      },
    },
    changed: (extension) => databases.changed(extension),
    release: (extension) => databases.close(extension),
  };
}
