import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Bench } from 'tinybench';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { createMotherboard } from '../../runtime/motherboard/motherboard.ts';
import { moduleUrl } from '../../runtime/placement/module-url.ts';
import type { CounterProtocol } from './counter.actor.ts';

// Asks between two threads through the runtime, against a bare MessagePort with one post per message.
// `node bench/runtime/ask.bench.ts [--short] [--json]`

const inFlight = 256;
const rounds = 40;

const settings = Object.fromEntries(
  Object.entries(settingDefinitions).map(([name, { default: value }]) => [name, value]),
) as unknown as Settings;

const motherboard = createMotherboard({
  settings,
  log: pino({ level: 'silent' }),
  metrics: new Registry(),
  version: '0.0.0',
  statePath: join(tmpdir(), `magflock-bench-${process.pid}`, 'state.json'),
  logFile: null,
});
motherboard.register({
  id: 'counter',
  module: moduleUrl('./counter.actor', import.meta.url),
  placement: { kind: 'thread' },
});
await motherboard.boot();
const counter = motherboard.get('counter' as never) as unknown as ActorRef<CounterProtocol>;

const { port1, port2 } = new MessageChannel();
const worker = new Worker(moduleUrl('./bare-port.worker', import.meta.url), {
  workerData: { port: port2 },
  transferList: [port2],
});
const waiting = new Map<number, (total: number) => void>();
let nextId = 0;
port1.on('message', ({ id, total }: { id: number; total: number }) => {
  waiting.get(id)?.(total);
  waiting.delete(id);
});
const barePort = (amount: number) =>
  new Promise<number>((resolve) => {
    const id = nextId++;
    waiting.set(id, resolve);
    port1.postMessage({ id, amount });
  });

/** Keeps `width` asks in flight until `count` are answered. */
async function drive(count: number, width: number, ask: (amount: number) => Promise<number>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await ask(1);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

const many = inFlight * rounds;
const tells = 10_000;
const short = process.argv.includes('--short');
const bench = new Bench(short ? { time: 300, warmupTime: 200 } : { time: 2_000, warmupTime: 500 });
bench.add(`ask, ${inFlight} in flight`, () => drive(many, inFlight, (amount) => counter.ask('add', amount)));
bench.add(`bare port, ${inFlight} in flight`, () => drive(many, inFlight, barePort));
bench.add('ask, one in flight', () => drive(200, 1, (amount) => counter.ask('add', amount)));
bench.add('bare port, one in flight', () => drive(200, 1, barePort));
bench.add('tell', async () => {
  for (let index = 0; index < tells; index++) counter.tell('note', 1);
  await counter.ask('total', null);
});
await bench.run();

const perRun: Record<string, number> = { tell: tells };
const rate = (name: string) => {
  const count = perRun[name] ?? (name.includes('one in flight') ? 200 : many);
  const result = bench.getTask(name)?.result;
  return result !== undefined && 'latency' in result ? (count / result.latency.p50) * 1000 : Number.NaN;
};
const row = (measure: string, ours: string, peer: string, goal: number) => {
  const [value, peerValue] = [rate(ours), rate(peer)];
  const ratio = value / peerValue;
  return { measure, peer: 'bare MessagePort', value, peerValue, ratio, goal, ok: ratio >= goal };
};
const results = [
  row(
    `asks per second, ${inFlight} in flight`,
    `ask, ${inFlight} in flight`,
    `bare port, ${inFlight} in flight`,
    1,
  ),
  // A round trip of at most 1.1 times the bare port's.
  row('asks per second, one in flight', 'ask, one in flight', 'bare port, one in flight', 1 / 1.1),
];
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else {
  const table = results.map(({ measure, value, peerValue, ratio, goal, ok }) => ({
    measure,
    runtime: Math.round(value),
    'bare port': Math.round(peerValue),
    ratio: Number(ratio.toFixed(2)),
    goal: Number(goal.toFixed(2)),
    ok,
  }));
  console.table(table);
  console.log(`tells per second: ${Math.round(rate('tell'))}`);
}

port1.close();
await worker.terminate();
await motherboard.shutdown({ reason: 'bench ends' });
