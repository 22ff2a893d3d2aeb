import { parseArgs } from 'node:util';
import { shippedVersion } from '../../actors/sentinel/shelf/shipped-version.ts';
import { moduleUrl } from '../../runtime/placement/module-url.ts';
import { bootMachine } from '../../test/runtime/support/machine.ts';
import { honest } from '../../test/sentinel/support/honest.ts';
import { report } from '../support/report.ts';
import type { PoolAskerProtocol } from './pool-asker.actor.ts';

/** One value from another thread through the pool and back: features, inference and four hops, one at a time. */
const { values } = parseArgs({ options: { short: { type: 'boolean' }, json: { type: 'boolean' } } });
const count = values.short ? 2000 : 20_000;
const goalMs = 1;

const { version: active } = await shippedVersion();
const machine = await bootMachine([
  {
    id: 'patrol',
    module: moduleUrl('../../actors/sentinel/patrol/patrol.actor', import.meta.url),
    placement: { kind: 'pool', workers: 1 },
  },
  {
    id: 'asker',
    module: moduleUrl('./pool-asker.actor', import.meta.url),
    placement: { kind: 'thread' },
    requires: ['patrol'],
  },
]);
try {
  const asker = machine.ref<PoolAskerProtocol>('asker');
  const all = Object.values(honest).flat();
  const texts = Array.from({ length: count }, (_, at) => all[at % all.length]!);
  await asker.ask('time', { texts: texts.slice(0, 500), active }, { timeoutMs: 60_000 });
  const times = [...(await asker.ask('time', { texts, active }, { timeoutMs: 300_000 }))].sort(
    (a, b) => a - b,
  );
  const at = (share: number): number => times[Math.floor(times.length * share)]!;
  report([
    {
      measure: 'one value through the pool, p50 (ms)',
      peer: '',
      value: at(0.5),
      peerValue: null,
      ratio: null,
      goal: '',
      ok: null,
    },
    {
      measure: 'one value through the pool, p99 (ms)',
      peer: 'goal',
      value: at(0.99),
      peerValue: goalMs,
      ratio: at(0.99) / goalMs,
      goal: `<= ${goalMs}`,
      ok: at(0.99) <= goalMs,
    },
  ]);
} finally {
  await machine.close();
}
