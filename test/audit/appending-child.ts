import { writeSync } from 'node:fs';
import { Pool } from 'pg';
import { auditKeys } from '../../actors/audit/audit-keys.ts';
import { ChainStore } from '../../actors/audit/chain-store.ts';
import { ChainWriter } from '../../actors/audit/chain-writer.ts';
import { entryOfFact } from '../../actors/audit/entry-of-fact.ts';
import { EntryQueue } from '../../actors/audit/entry-queue.ts';

/**
 * A process that appends entries without waiting, and writes down the id and time of each one it was told, until it
 * is killed. Its connection comes as JSON in the first argument.
 */
const pool = new Pool(JSON.parse(process.argv[2] ?? '{}'));
const ask = async (_method: string, { text, values }: { text: string; values?: unknown[] }) => {
  const { rows, rowCount } = await pool.query(text, values);
  return { rows, count: rowCount ?? 0 };
};
const store = new ChainStore({ ask } as unknown as ConstructorParameters<typeof ChainStore>[0]);
const queue = new EntryQueue({
  writer: new ChainWriter(store, auditKeys('a7'.repeat(32)).seal, () => {}),
  timers: {
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  failed: (_project, error) => process.stderr.write(`${String(error)}\n`),
});

setInterval(() => {
  for (let burst = 0; burst < 5; burst++) {
    const fact = { kind: 'threat', project: 'main', action: 'blocked', actor: 'sqlguard' } as const;
    const entry = entryOfFact(fact);
    // Synchronous: what is not written here was never told.
    writeSync(1, `${entry.id} ${Date.now()}\n`);
    void queue.append('main', entry);
  }
}, 1);
