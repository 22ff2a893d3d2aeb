import { parentPort } from 'node:worker_threads';
import { loadModule, parseSync } from 'libpg-query';
import { readStatement } from './read-statement.ts';
import type { StatementFacts } from './statement-facts.ts';

const port = parentPort;
if (port === null) throw new TypeError('sql-check.worker runs in a worker thread');
const ready = loadModule();
ready.then(
  () => port.postMessage('ready'),
  () => process.exit(1),
);

port.on('message', async ({ id, text }: { readonly id: number; readonly text: string }) => {
  await ready;
  port.postMessage({ id, facts: facts(text) });
});

function facts(text: string): StatementFacts {
  try {
    return readStatement(parseSync(text));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.slice(0, 200) : 'it cannot be read';
    return { refusal: why, action: 'none', writes: false, locks: false, tables: [], schemas: [] };
  }
}
