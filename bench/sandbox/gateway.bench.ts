import { startDaemon } from '../../test/support/daemon.ts';
import { figureOf } from '../runtime/support/figure-of.ts';
import { LoadProcess } from '../support/load-process.ts';
import { report } from '../support/report.ts';
import { packedHook } from './support/packed-hook.ts';

// Reads by key with a before-hook of an extension in a cage, and the same without it, in turn: the extension is
// disabled and enabled between the rounds.
const short = process.argv.includes('--short');
const rounds = short ? 2 : 6;
const durationMs = short ? 1_500 : 4_000;
const rows = 20_000;

const daemon = await startDaemon({ env: { MAGFLOCK_LOG_LEVEL: 'warn' } });
const generator = new LoadProcess();
const hook = await packedHook('looker', ['read']);
try {
  await daemon.sql(`create table item (id integer primary key, name text not null, price numeric(10,2));
    insert into item select i, 'item ' || i, i / 7.0 from generate_series(1, ${rows}) i;`);
  const key = await daemon.createKey('service_role');
  const act = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { status, json } = await daemon.control(method, `/control/v1${path}`, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  };
  await act('POST', '/extensions/install', {
    file: hook.file,
    projects: ['main'],
    grants: [],
    allowUnsigned: true,
  });
  const load = async (): Promise<number> => {
    const result = await generator.run({
      host: '127.0.0.1',
      port: Number(new URL(daemon.url).port),
      connections: 32,
      durationMs,
      headers: [`X-API-Key: ${key}`],
      template: '/api/item/{key}',
      keys: rows,
    });
    const failed = Object.entries(result.failures);
    if (failed.length > 0) throw new Error(`${JSON.stringify(result.failures)} of ${result.requests}`);
    return result.perSecond;
  };
  const hooked: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    await act('POST', '/extensions/bench.looker/enable', {});
    const withHook = await load();
    await act('POST', '/extensions/bench.looker/disable', {});
    const without = await load();
    if (round > 0) hooked.push(withHook);
    if (round > 0) plain.push(without);
  }
  report([
    figureOf({
      measure: 'MagGate reads by key with one before-hook, per second',
      samples: hooked,
      peer: { name: 'the same without', samples: plain },
      goal: { of: 'ratio', atLeast: 0.8 },
    }),
  ]);
} finally {
  hook.remove();
  generator.stop();
  await daemon.stop();
}
