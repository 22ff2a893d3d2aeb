import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planRestRequest } from '../../../extensions/maggate/dialects/rest/plan-rest-request.ts';
import type { RestPlan } from '../../../extensions/maggate/dialects/rest/rest-plan.ts';
import { planRemembered } from '../../../extensions/maggate/dialects/rest/template/plan-remembered.ts';
import { scanRead } from '../../../extensions/maggate/dialects/rest/template/scan-read.ts';
import type { GatewayRequest } from '../../../extensions/sdk/index.ts';
import { planSchema } from './plan-schema.ts';

const encode = encodeURIComponent;

/** Queries of one shape each: `v` are texts, `n` numbers that are no usual limits. */
const shapes: readonly (readonly [
  name: string,
  query: (v: readonly string[], n: readonly number[]) => string,
])[] = [
  ['one filter', (v) => `id=eq.${encode(v[0]!)}`],
  ['two filters with the same value perhaps', (v) => `id=eq.${encode(v[0]!)}&name=eq.${encode(v[1]!)}`],
  ['a repeated column', (v) => `id=gt.${encode(v[0]!)}&id=lt.${encode(v[1]!)}`],
  ['not', (v) => `name=not.eq.${encode(v[0]!)}&select=id,name`],
  ['stars', (v) => `name=like.${encode(v[0]!)}*&name=not.ilike.*${encode(v[1]!)}`],
  ['limit and offset', (_, n) => `order=id.desc&limit=${n[0]}&offset=${n[1]}`],
  ['a value that looks like the limit', (_, n) => `id=eq.${n[0]}&limit=${n[0]}`],
  ['an embedded filter', (v) => `select=id,clients!inner(name)&clients.name=eq.${encode(v[0]!)}`],
  ['a JSON path', (v) => `data->a->>b=eq.${encode(v[0]!)}&select=data->a`],
  ['a computed relation', (v) => `select=id,computed_client(name)&id=gte.${encode(v[0]!)}`],
  [
    'is, and an embedded limit',
    (v) => `select=id,tasks(id)&tasks.limit=3&name=is.null&id=neq.${encode(v[0]!)}`,
  ],
  ['spaces and plus signs', (v) => `name=eq.a+b%20${encode(v[0]!)}&select=*`],
];

const accepts: readonly Readonly<Record<string, string>>[] = [
  {},
  { prefer: 'count=exact' },
  { accept: 'application/vnd.pgrst.object+json' },
  { accept: 'text/csv', 'user-agent': 'one', cookie: 'a=1; b=2' },
];

function requestOf(query: string, headers: Readonly<Record<string, string>>): GatewayRequest {
  return {
    id: 'test',
    trace: '',
    project: 'main',
    method: 'GET',
    path: '/rest/v1/projects',
    mount: '/rest/v1',
    mountedPath: '/projects',
    query,
    headers,
    body: undefined,
    json: undefined,
    address: '',
    deadline: 0,
    startedAt: 0,
    visibleAs: 'anon',
    isAnonymous: true,
  };
}

/** Everything the host and the answer read of a plan. */
function seen(plan: unknown): unknown {
  const { rest, planned, parseMs, planMs, dataSchema, ...host } = plan as RestPlan;
  const { query, ...request } = rest;
  return {
    ...host,
    request,
    canonical: query.canonical,
    media: planned?.media,
    handler: (planned as { handler?: unknown }).handler,
  };
}

describe('templates of reads', () => {
  const texts = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0')),
    {
      minLength: 2,
      maxLength: 2,
    },
  );
  const numbers = fc.array(fc.integer({ min: 1_001, max: 999_999_999 }), { minLength: 2, maxLength: 2 });

  for (const [name, query] of shapes) {
    it(`fill what planning would have made: ${name}`, () => {
      const schema = planSchema();
      for (const headers of accepts) {
        // Seen twice, a shape has its template.
        for (const round of ['a', 'b'])
          planRemembered(schema, requestOf(query([round, round], [1_003, 1_004]), headers));
        let filled = 0;
        fc.assert(
          fc.property(texts, numbers, (v, n) => {
            const request = requestOf(query(v, n), headers);
            const plan = planRemembered(schema, request);
            if ('sql' in plan && plan.parseMs === 0) filled += 1;
            assert.deepEqual(seen(plan), seen(planRestRequest(schema, request)));
          }),
          { numRuns: 40 },
        );
        assert.ok(filled > 30, `${filled} of 40 came from the template`);
      }
    });
  }

  const strange: readonly (readonly [string, Partial<GatewayRequest>])[] = [
    ['another method', { method: 'POST' }],
    ['HEAD', { method: 'HEAD' }],
    ['a Range header', { headers: { range: '0-1' } }],
    ['a condition of a hook', { filter: 'deleted_at=is.null' }],
    ['a semicolon', { query: 'id=eq.1;name=eq.2' }],
    ['a NUL', { query: 'name=eq.%00' }],
    ['a limit that is no number', { query: 'limit=-1' }],
    ['a limit of zero', { query: 'limit=0' }],
    ['a limit with a sign', { query: 'limit=%2B5' }],
    ['logic', { query: 'or=(id.eq.1,id.eq.2)' }],
    ['logic below', { query: 'select=*,tasks(*)&tasks.or=(id.eq.1,id.eq.2)' }],
    ['columns, which a read has none of', { query: 'columns=eq.1' }],
    ['a name that is encoded', { query: 'o%72=eq.1' }],
    ['a long query', { query: `name=eq.${'x'.repeat(2_000)}` }],
  ];
  for (const [name, more] of strange) {
    it(`are not tried for ${name}`, () => {
      assert.equal(scanRead({ ...requestOf('', {}), ...more }), undefined);
    });
  }

  it('of one role, header or path are not those of another', () => {
    const key = (more: Partial<GatewayRequest>): string | undefined =>
      scanRead({ ...requestOf('id=eq.1', {}), ...more })?.key;
    const keys = [
      key({}),
      key({ visibleAs: 'authenticated' }),
      key({ mountedPath: '/tasks' }),
      key({ headers: { accept: 'text/csv' } }),
      key({ headers: { prefer: 'count=exact' } }),
      key({ headers: { 'accept-profile': 'other' } }),
      key({ query: 'id=gt.1' }),
      key({ query: 'id=eq.1&select=id' }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(key({ query: 'id=eq.2', headers: { 'user-agent': 'x' } }), key({}));
  });

  it('a caller who sends the marks themselves gets what planning gives', () => {
    const schema = planSchema();
    const marks = ['\uE0001*0\uE001', '\uE0002*0\uE001', '900010000', '900020000'];
    for (const mark of [...marks, ...marks]) {
      const request = requestOf(`name=like.${encode(mark)}&id=eq.900010001&limit=900010002`, {});
      assert.deepEqual(seen(planRemembered(schema, request)), seen(planRestRequest(schema, request)));
    }
  });

  it('a name that is not there is refused each time', () => {
    const schema = planSchema();
    for (let round = 0; round < 4; round += 1) {
      const answer = planRemembered(schema, { ...requestOf('id=eq.1', {}), mountedPath: '/nothing' });
      assert.ok(!('sql' in answer) && answer.failed === 'PGRST205');
    }
  });
});
