import assert from 'node:assert/strict';
import { type DataFront, openFront } from './data-front.ts';

describe('batches and nested writes over HTTP', () => {
  let front: DataFront;
  before(async function () {
    this.timeout(60_000);
    front = await openFront(`
      create table orders (id serial primary key, status text not null);
      create table item (id serial primary key, order_id int not null references orders, qty int check (qty > 0));
    `);
  });
  after(() => front.close());

  const insert = (status: string | null): object => ({
    id: 'order',
    op: 'insert',
    table: 'orders',
    data: { status },
  });
  const item = (qty: number): object => ({
    id: 'item',
    op: 'insert',
    table: 'item',
    data: { order_id: { $ref: 'order.id' }, qty },
  });
  const orders = async (status: string): Promise<number> =>
    (await front.query(`select id from orders where status = '${status}'`)).length;

  it('answer results, and an error as problem details with step and id', async () => {
    const good = await front.send('POST', '/batch/v1', { body: { operations: [insert('good'), item(1)] } });
    assert.equal(good.status, 200, good.text);
    assert.equal(good.body.results[1].data.order_id, good.body.results[0].data.id);
    const bad = await front.send('POST', '/batch/v1', { body: { operations: [insert('bad'), item(0)] } });
    assert.equal(bad.headers.get('content-type'), 'application/problem+json');
    const { status, code, step, id, table } = bad.body;
    assert.deepEqual([status, code, step, id, table], [422, 'MF422', 1, 'item', 'item']);
    assert.equal(await orders('bad'), 0);
  });

  it('a batch has one path and one method', async () => {
    const body = { operations: [insert('x')] };
    const get = await front.send('GET', '/batch/v1');
    assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST']);
    assert.equal((await front.send('POST', '/batch/v1/orders', { body })).status, 404);
    assert.equal((await front.send('POST', '/batch/v1/', { body: {} })).body.code, 'MF423');
    assert.equal((await front.send('POST', '/batch/v2', { body })).status, 404);
  });

  const writes: [title: string, target: string, body: (status: string) => unknown][] = [
    ['a batch', '/batch/v1', (status) => ({ operations: [insert(status), item(2)] })],
    ['a nested write', '/api/orders', (status) => ({ status, item: [{ qty: 1 }, { qty: 2 }] })],
  ];
  for (const [title, target, body] of writes) {
    it(`${title} with an Idempotency-Key is done once and answered in full again`, async () => {
      const status = `once ${title}`;
      const headers = { 'idempotency-key': `"${target}"` };
      const first = await front.send('POST', target, { body: body(status), headers });
      const second = await front.send('POST', target, { body: body(status), headers });
      assert.ok(first.status < 300, first.text);
      assert.deepEqual([second.status, second.text], [first.status, first.text]);
      assert.equal(second.headers.get('idempotency-replayed'), 'true');
      assert.equal(await orders(status), 1);
      const other = await front.send('POST', target, { body: body('other'), headers });
      assert.equal(other.status, 422);
    });
  }

  it('the limit of rows is that of each select', async () => {
    await front.set({ limits: { '*': { rows: 2 } } });
    const select = (limit: number) => ({ operations: [{ op: 'select', table: 'orders', limit }] });
    assert.equal((await front.send('POST', '/batch/v1', { body: select(2) })).status, 200);
    assert.equal((await front.send('POST', '/batch/v1', { body: select(3) })).body.code, 'MF426');
    await front.set({ limits: {} });
  });
});
