import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, settingDefinitions } from '../../../config/settings.ts';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { createMotherboard } from '../../../runtime/motherboard/motherboard.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { createMetrics } from '../../../runtime/telemetry/create-metrics.ts';
import { silentLog, testLoginsKey } from '../../support/test-cluster.ts';
import type { BooksProtocol } from './books.actor.ts';

/**
 * A machine with Storage and journalled books. It says on one line each what is in the books, which number was
 * acknowledged, and that all events are kept. Orders come as its arguments: the data folder, what to do, and the
 * first number.
 */
const [dataDir = '', order = '', first = '1'] = process.argv.slice(2);
const defaults = Object.entries(settingDefinitions).map(([name, setting]) => [name, setting.default]);
// Synchronous: what is not written here was never told.
const say = (line: string) => writeSync(1, `${line}\n`);
const here = (path: string) => moduleUrl(path, import.meta.url);

const board = createMotherboard({
  settings: {
    ...Object.fromEntries(defaults),
    dataDir,
    'log.level': 'fatal',
    'storage.maxConnections': 40,
  } as Settings,
  log: silentLog,
  metrics: createMetrics({ version: '0.0.0', thread: 'main' }),
  version: '0.0.0',
  statePath: join(dataDir, 'state.json'),
  logFile: null,
  // Its thread is killed more often than a part in good health would die.
  supervision: { intensity: { restarts: 10_000 }, backoff: { maxMs: 50 } },
});
const thread = { kind: 'thread' } as const;
board.register({
  id: 'storage',
  module: here('../../../actors/storage/storage.actor'),
  args: { logins: testLoginsKey },
  placement: thread,
  startMs: 60_000,
  shutdownMs: 20_000,
});
board.register({ id: 'books', module: here('./books.actor'), placement: thread, requires: ['storage'] });
if (order !== 'announce') {
  board.register({ id: 'clerk', module: here('./clerk.actor'), placement: thread, requires: ['books'] });
}
await board.boot();
const books = board.get('books' as never) as unknown as ActorRef<BooksProtocol>;
say(`books ${JSON.stringify(await books.ask('numbers', null))}`);

/** Sends a number until it is acknowledged, under the same id each time. */
async function add(number: number): Promise<void> {
  for (;;) {
    try {
      await books.ask('add', number, { id: `number ${number}` });
      say(`told ${number}`);
      return;
    } catch (error) {
      if (!MagFlockError.from(error).retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

if (order === 'add' || order === 'add and crash') {
  let next = Number(first);
  if (order === 'add and crash') setInterval(() => books.tell('die', null), 400);
  const work = async () => {
    for (;;) await add(next++);
  };
  await Promise.all(Array.from({ length: 64 }, work));
} else if (order === 'announce') {
  for (let number = 0; number < 50; number++) {
    board.events.emit('project.created', { project: String(Number(first) + number) });
  }
  const storage = board.get('storage');
  const count = async () => {
    const text = 'select count(*)::int as kept from cp_runtime.deliveries';
    return (await storage.ask('query', { database: 'control', text })).rows[0]?.['kept'];
  };
  while ((await count()) !== 50) await new Promise((resolve) => setTimeout(resolve, 20));
  say('kept');
} else if (order === 'wait') {
  const full = Number(first);
  while ((await books.ask('numbers', null)).length < full)
    await new Promise((resolve) => setTimeout(resolve, 20));
  say(`books ${JSON.stringify(await books.ask('numbers', null))}`);
}
if (order === 'wait' || order === 'look') {
  await board.shutdown({ reason: 'done' });
  say('down');
}
