import assert from 'node:assert/strict';
import { type BatchBed, openBatches } from './batch-bed.ts';
import { batchShop } from './batch-shop.ts';

describe('MagGate: batches that are refused', () => {
  let bed: BatchBed;
  before(async function () {
    this.timeout(60_000);
    bed = await openBatches(batchShop);
  });
  after(() => bed.close());
  const run: BatchBed['run'] = (operations, options) => bed.run(operations, options);

  const many = Array.from({ length: 101 }, () => ({ op: 'select', table: 'orders' }));
  const rows: [title: string, body: unknown, code: string, says: RegExp, step?: number][] = [
    ['no object', '[]', 'MF423', /no JSON object/],
    ['no operations', '{}', 'MF423', /no list/],
    ['another member', '{"operations":[],"x":1}', 'MF423', /no "x"/],
    ['an empty list', [], 'MF423', /is empty/],
    ['too many', many, 'MF426', /100 are allowed/],
    ['no operation', [5], 'MF423', /no object/, 0],
    ['an unknown word', [{ op: 'merge', table: 'orders' }], 'MF423', /none of insert/, 0],
    ['no table', [{ op: 'select' }], 'MF423', /no "table"/, 0],
    ['a member of another', [{ op: 'select', table: 'orders', data: {} }], 'MF423', /takes no "data"/, 0],
    ['an unknown table', [{ op: 'select', table: 'order' }], 'MF401', /"order"/, 0],
    ['an unknown column', [{ op: 'select', table: 'orders', where: { idd: 1 } }], 'MF402', /"idd"/, 0],
    ['an unknown column of data', [{ op: 'insert', table: 'orders', data: { x: 1 } }], 'MF423', /"x"/, 0],
    [
      'a column the database fills',
      [{ op: 'insert', table: 'orders', data: { id: 1 } }],
      'MF422',
      /identity/,
      0,
    ],
    ['an unknown field', [{ op: 'select', table: 'orders', fields: 'x' }], 'MF402', /"x"/, 0],
    ['an unknown function', [{ op: 'call', function: 'addd', data: {} }], 'MF401', /"addd"/, 0],
    ['other arguments', [{ op: 'call', function: 'add', data: { a: 1 } }], 'MF423', /these arguments/, 0],
    [
      'an update of everything by mistake',
      [{ op: 'update', table: 'orders', data: { status: 'x' } }],
      'MF423',
      /no "where"/,
      0,
    ],
    ['a delete of everything by mistake', [{ op: 'delete', table: 'orders' }], 'MF423', /no "where"/, 0],
    [
      'an unknown operator',
      [{ op: 'select', table: 'orders', where: { id: { about: 1 } } }],
      'MF423',
      /"about"/,
      0,
    ],
    [
      'an empty condition',
      [{ op: 'select', table: 'orders', where: { id: {} } }],
      'MF423',
      /empty object/,
      0,
    ],
    ['is with a number', [{ op: 'select', table: 'orders', where: { id: { is: 5 } } }], 'MF423', /"is"/, 0],
    ['an id with a dot', [{ id: 'a.b', op: 'select', table: 'orders' }], 'MF423', /"id"/, 0],
    [
      'an id twice',
      [
        { id: 'a', op: 'select', table: 'orders' },
        { id: 'a', op: 'select', table: 'orders' },
      ],
      'MF423',
      /already/,
      1,
    ],
    ['a half number', [{ op: 'select', table: 'orders', limit: 1.5 }], 'MF423', /whole number/, 0],
    ['a view that cannot be written', [{ op: 'delete', table: 'many_items', where: {} }], 'MF424', /view/, 0],
    [
      'an upsert without unique columns',
      [{ op: 'upsert', table: 'item', data: { order_id: 1, qty: 1 }, onConflict: ['qty'] }],
      'MF423',
      /unique/,
      0,
    ],
    [
      'rows of an upsert with other columns',
      [{ op: 'upsert', table: 'customer', data: [{ id: 1, name: 'a' }, { id: 2 }] }],
      'MF423',
      /same columns/,
      0,
    ],
    [
      'a wrong value in a condition',
      [{ op: 'select', table: 'orders', where: { id: 'x' } }],
      'MF405',
      /"id"/,
      0,
    ],
    ['a query with more', [{ op: 'select', table: 'orders', query: '', limit: 1 }], 'MF423', /stands for/, 0],
    ['a broken query', [{ op: 'select', table: 'orders', query: 'limit=x' }], 'MF405', /limit/, 0],
  ];
  for (const [title, body, code, says, step] of rows) {
    it(`${title}: ${code}`, async () => {
      const answer = await run(body);
      assert.equal(answer.code, code, answer.message);
      assert.match(answer.message ?? '', says);
      assert.equal(answer.details?.step, step);
    });
  }

  it('other methods, paths and query strings', async () => {
    const batch = [{ op: 'select', table: 'orders' }];
    assert.equal((await run(batch, { method: 'GET' })).status, 405);
    assert.equal((await run(batch, { path: '/x' })).status, 404);
    assert.equal((await run(batch, { path: '/openapi.json' })).status, 404);
    assert.equal((await run(batch, { query: 'limit=1' })).code, 'MF423');
  });
});
