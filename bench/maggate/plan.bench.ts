import { Bench } from 'tinybench';
import { parseJson } from '../../actors/cpu/parse-json.ts';
import { gateway } from '../../extensions/maggate/gateway.ts';
import type { GatewayRequest } from '../../extensions/sdk/index.ts';
import { fakeCatalog, fakeTable } from '../../test/maggate/fake-catalog.ts';
import { type Figure, report } from '../support/report.ts';

/**
 * Plans per second in one thread, for requests of a known shape (the goal: read by key under 3 µs, list under
 * 10 µs) and for a list whose shape is new each time.
 */
const columns = [
  'track_id',
  'name',
  'album_id',
  'media_type_id',
  'genre_id',
  'composer',
  'milliseconds',
  'bytes',
  'unit_price',
];
const catalog = fakeCatalog('main', 1, [
  {
    ...fakeTable('track', columns, 1),
    columns: fakeTable('track', columns, 1).columns.map((column) => ({
      ...column,
      type: 'text',
      dataType: 'text',
      baseType: 'text',
      category: 'S',
    })),
  },
]);

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const state = gateway.init({
  log: silent,
  config: {},
  activate: async () => {},
  sign: () => '',
  verify: () => false,
});
gateway.applySnapshot(state, { catalogs: [catalog] });

let counter = 0;
const json = parseJson('{"name":"A name","album_id":5,"milliseconds":123456,"unit_price":0.99}');

function plan(method: string, mountedPath: string, query = ''): void {
  counter += 1;
  gateway.plan(state, {
    id: '',
    trace: '',
    project: 'main',
    method,
    path: '',
    mount: '/api',
    mountedPath,
    query,
    headers: {},
    body: undefined,
    json: method === 'GET' ? undefined : json,
    address: '',
    deadline: 0,
    startedAt: 0,
    visibleAs: 'service_role',
    isAnonymous: false,
  } satisfies GatewayRequest);
}

const short = process.argv.includes('--short');
const bench = new Bench({ time: short ? 200 : 1000, warmupTime: short ? 100 : 300 });
/** Goals in microseconds, where there are any. */
const goals: Readonly<Record<string, number>> = { 'read by key': 3, 'list of 20': 10 };
bench
  .add('read by key', () => plan('GET', `/track/${counter}`))
  .add('list of 20', () => plan('GET', '/track', `limit=20&page=${1 + (counter % 100)}`))
  .add('list: two filters, sort, fields', () =>
    plan(
      'GET',
      '/track',
      `album_id=${counter}&milliseconds=gte.1000&sort=name:desc&fields=name,track_id&limit=20`,
    ),
  )
  .add('post of four columns', () => plan('POST', '/track'))
  .add('patch of four columns', () => plan('PATCH', `/track/${counter}`))
  .add('list of a new shape each time', () =>
    plan('GET', '/track', `limit=${1 + (counter % 1000)}&sort=${columns[counter % 9]}`),
  );
await bench.run();

report(
  bench.tasks.map(({ name, result }): Figure => {
    if (result.state !== 'completed') throw new Error(`${name} did not complete`);
    // The median: on a shared machine the mean counts what other processes took.
    const microseconds = result.latency.p50 * 1000;
    const goal = goals[name];
    return {
      measure: `plan, µs: ${name}`,
      peer: 'plans per second',
      value: microseconds,
      peerValue: 1e6 / microseconds,
      ratio: goal === undefined ? 1 : goal / microseconds,
      goal: goal === undefined ? 'none' : `under ${goal} µs`,
      ok: goal === undefined ? null : microseconds < goal,
    };
  }),
);
