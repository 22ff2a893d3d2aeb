import assert from 'node:assert/strict';
import { type BatchAnswer, type BatchBed, openBatches } from './batch-bed.ts';
import { batchShop } from './batch-shop.ts';

describe('MagGate: batches', () => {
  let bed: BatchBed;
  before(async function () {
    this.timeout(60_000);
    bed = await openBatches(batchShop);
  });
  after(() => bed.close());

  const run: BatchBed['run'] = (operations, options) => bed.run(operations, options);
  const ok = async (operations: unknown, options?: Parameters<BatchBed['run']>[1]): Promise<BatchAnswer> => {
    const answer = await bed.run(operations, options);
    assert.equal(answer.status, 200, `${answer.code} ${answer.message} ${JSON.stringify(answer.details)}`);
    return answer;
  };
  let made = 0;
  const fresh = (): string => {
    made += 1;
    return `n${made}`;
  };

  describe('operations', () => {
    it('do what they say, in order, in one transaction, each with its result', async () => {
      const { results, plan } = await ok([
        { id: 'c', op: 'insert', table: 'customer', data: { name: 'Ada' } },
        {
          id: 'order',
          op: 'insert',
          table: 'orders',
          data: { customer_id: { $ref: 'c.id' }, status: 'open' },
        },
        {
          op: 'insert',
          table: 'item',
          data: [
            { order_id: { $ref: 'order.id' }, product: 'pen', qty: 2 },
            { order_id: { $ref: 'order.id' }, qty: 3 },
          ],
          fields: ['qty', 'product'],
        },
        {
          op: 'update',
          table: 'orders',
          data: { status: 'paid' },
          where: { id: { $ref: 'order.id' } },
          fields: 'status',
        },
        { op: 'upsert', table: 'customer', data: { id: { $ref: 'c.id' }, name: 'Ada B.' }, expect: 1 },
        {
          op: 'select',
          table: 'item',
          where: { order_id: { $ref: 'order.id' } },
          fields: ['product'],
          sort: 'qty:desc',
        },
        {
          op: 'delete',
          table: 'item',
          where: { order_id: { $ref: 'order.id' }, qty: { gt: 2 } },
          fields: [],
        },
      ]);
      const [customer, order] = results;
      assert.deepEqual(
        results.map(({ id, status }) => [id, status]),
        [
          ['c', 201],
          ['order', 201],
          ['2', 201],
          ['3', 200],
          ['4', 200],
          ['5', 200],
          ['6', 200],
        ],
      );
      assert.equal(order?.data.customer_id, customer?.data.id);
      assert.deepEqual(
        results.slice(2, 4).map(({ data }) => data),
        [
          [
            { qty: 2, product: 'pen' },
            { qty: 3, product: null },
          ],
          [{ status: 'paid' }],
        ],
      );
      assert.deepEqual(results[4]?.data, { id: customer?.data.id, name: 'Ada B.', big: null });
      assert.deepEqual(results[5], {
        id: '5',
        status: 200,
        data: [{ product: null }, { product: 'pen' }],
        meta: { count: 2, limit: 10, hasMore: false },
      });
      assert.deepEqual([results[6]?.data, results[6]?.meta], [null, { count: 1 }]);
      assert.deepEqual(
        plan?.further?.map(({ operation, table, action }) => `${operation} ${table.name} ${action}`),
        [
          'insert customer create',
          'insert orders create',
          'insert item create',
          'update orders update',
          'insert customer create',
          'update customer update',
          'select item list',
          'delete item delete',
        ],
      );
      assert.deepEqual([plan?.access, plan?.action, plan?.steps?.length], ['write', undefined, 6]);
    });

    it('that only read are a read', async () => {
      const { plan } = await ok([
        { op: 'select', table: 'customer' },
        { op: 'call', function: 'add', data: { a: 1, b: 2 } },
      ]);
      assert.equal(plan?.access, 'read');
    });

    it('a hundred are fine', async () => {
      const name = fresh();
      const first = { id: 'c', op: 'insert', table: 'customer', data: { name } };
      const rest = Array.from({ length: 99 }, (_, index) => ({
        op: 'insert',
        table: 'orders',
        data: { customer_id: { $ref: 'c.id' }, status: String(index) },
        fields: ['status'],
      }));
      const { results } = await ok([first, ...rest]);
      assert.deepEqual(
        results.slice(1).map(({ data }) => data.status),
        rest.map((_, index) => String(index)),
      );
    });

    it('select tells that there are more than its limit', async () => {
      await bed.sql(`insert into kinds (id) select generate_series(1, 12)`);
      const { results } = await ok([
        { op: 'select', table: 'kinds', limit: 5, sort: 'id' },
        { op: 'select', table: 'kinds' },
        { op: 'select', table: 'kinds', limit: 12 },
      ]);
      assert.deepEqual(
        results.map(({ data, meta }) => [data.length, meta['count'], meta['hasMore']]),
        [
          [5, 5, true],
          [10, 10, true],
          [12, 12, false],
        ],
      );
      assert.equal((await run([{ op: 'select', table: 'kinds', limit: 51 }])).code, 'MF426');
    });

    it('select takes all that a list of /api takes as query', async () => {
      const { results } = await ok([
        { id: 'c', op: 'insert', table: 'customer', data: { name: 'Lister' } },
        { op: 'insert', table: 'orders', data: { customer_id: { $ref: 'c.id' }, status: 'listed' } },
        { op: 'select', table: 'customer', query: 'name=Lister&fields=name,orders(status)' },
        { op: 'select', table: 'customer', query: 'name=eq.Lister&count=exact&limit=3' },
      ]);
      assert.deepEqual(results[2]?.data, [{ name: 'Lister', orders: [{ status: 'listed' }] }]);
      assert.equal(results[3]?.meta['total'], 1);
    });

    it('call gives values, lists of values, rows, or nothing', async () => {
      const name = fresh();
      const { results } = await ok([
        { id: 'three', op: 'call', function: 'add', data: { a: 1, b: 2 } },
        { op: 'call', function: 'next_of', data: { low: 2 } },
        { op: 'call', function: 'pairs' },
        { op: 'call', function: 'nothing' },
        { op: 'call', function: 'sum_of', data: { numbers: [1, 2, { $ref: 'three' }] } },
        { id: 'c', op: 'insert', table: 'customer', data: { name } },
        { id: 'made', op: 'call', function: 'make_order', data: { who: { $ref: 'c.id' } } },
        { op: 'call', function: 'echo', data: { order: { $ref: 'made.id' }, n: 1 } },
        { op: 'call', function: 'add', data: { a: { $ref: '1[1]' }, b: { $ref: '2[1].v' } } },
      ]);
      assert.deepEqual(
        results.slice(0, 5).map(({ data }) => data),
        [
          3,
          [2, 3],
          [
            { k: 'a', v: 1 },
            { k: 'b', v: 2 },
          ],
          null,
          6,
        ],
      );
      assert.equal(results[6]?.data.customer_id, results[5]?.data.id);
      assert.equal(results[7]?.data.order, results[6]?.data.id);
      assert.equal(results[8]?.data, 5);
    });

    it('insert what every type takes, and keep all digits', async () => {
      const row = `{"id":100,"words":["a,b","\\"q\\"",null],"numbers":[9007199254740993],"feeling":"wild","share":12.5,
        "at":"2024-01-01T00:00:00Z","doc":{"n":1.10},"flag":true,"padded":"ab","bytes":"\\\\x00ff","span":"[1,5)"}`;
      const { text } = await ok(`{"operations":[
        {"id":"k","op":"insert","table":"kinds","data":${row}},
        {"op":"insert","table":"kinds","data":{"id":101,"words":{"$ref":"k.words"},"numbers":{"$ref":"k.numbers"},
          "feeling":{"$ref":"k.feeling"},"share":{"$ref":"k.share"},"at":{"$ref":"k.at"},"doc":{"$ref":"k.doc"},
          "flag":{"$ref":"k.flag"},"padded":{"$ref":"k.padded"},"bytes":{"$ref":"k.bytes"},"span":{"$ref":"k.span"}}},
        {"op":"insert","table":"customer","data":{"name":"digits","big":123456789012345678901234567890.123}}]}`);
      assert.match(text, /"big":123456789012345678901234567890\.123/);
      assert.match(text, /9007199254740993/);
      assert.equal(
        await bed.one(`select count(*)::int from kinds a join kinds b on a.id = 100 and b.id = 101 where a.words = b.words
        and a.numbers = b.numbers and a.feeling = b.feeling and a.share = b.share and a.at = b.at
        and a.doc::text = b.doc::text and a.flag = b.flag and a.padded = b.padded and a.bytes = b.bytes and a.span = b.span`),
        1,
      );
    });
  });

  describe('references', () => {
    it('lead to rows by number, into JSON, into nested values, and stand for lists in conditions', async () => {
      const name = fresh();
      const { results } = await ok([
        {
          id: 'o',
          op: 'insert',
          table: 'orders',
          data: [{ status: 'one', note: { a: [{ deep: 'x' }] } }, { status: 'two' }],
        },
        {
          op: 'insert',
          table: 'orders',
          data: {
            status: { $ref: 'o[1].status' },
            note: { kept: { $ref: 'o.note.a.0' }, list: [1.5, { $ref: 'o[1].id' }], text: "it's" },
          },
        },
        {
          op: 'select',
          table: 'orders',
          where: { id: { in: { $ref: 'o[*].id' } } },
          fields: ['status'],
          sort: 'id',
        },
        {
          op: 'select',
          table: 'orders',
          where: { id: [{ $ref: 'o[1].id' }, 0], status: { not: { eq: 'one' } } },
          fields: ['status'],
        },
        { op: 'insert', table: 'customer', data: { name: { $ref: ['0', 1, 'status'] } }, fields: ['name'] },
        { op: 'update', table: 'customer', data: { name }, where: { name: 'two' } },
      ]);
      assert.deepEqual(results[1]?.data.note, {
        kept: { deep: 'x' },
        list: [1.5, results[0]?.data[1].id],
        text: "it's",
      });
      assert.equal(results[1]?.data.status, 'two');
      assert.deepEqual(results[2]?.data, [{ status: 'one' }, { status: 'two' }]);
      assert.deepEqual(results[3]?.data, [{ status: 'two' }]);
      assert.deepEqual(results[4]?.data, { name: 'two' });
    });

    it('may be to columns that are not shown, and to null', async () => {
      const { results } = await ok([
        { id: 'o', op: 'insert', table: 'orders', data: { status: 'quiet' }, fields: [] },
        {
          op: 'update',
          table: 'orders',
          data: { note: { $ref: 'o.customer_id' } },
          where: { id: { $ref: 'o.id' } },
          fields: ['note', 'status'],
        },
      ]);
      assert.deepEqual([results[0]?.data, results[1]?.data], [null, [{ note: null, status: 'quiet' }]]);
    });

    it('$literal keeps what looks like one', async () => {
      const { results } = await ok([
        { id: 'o', op: 'insert', table: 'orders', data: { note: { $literal: { $ref: '#/defs/a' } } } },
        {
          op: 'insert',
          table: 'orders',
          data: { note: { schema: { $literal: { $ref: 'b' } }, id: { $ref: 'o.id' } } },
        },
      ]);
      assert.deepEqual(results[0]?.data.note, { $ref: '#/defs/a' });
      assert.deepEqual(results[1]?.data.note.schema, { $ref: 'b' });
    });

    it('and texts never become SQL', async () => {
      const evil = `'); drop table item; -- $1 \\ "x"`;
      const { results, plan } = await ok([
        { id: 'a', op: 'insert', table: 'odd', data: { 'a.b': 7, 'two words': evil, 'qu"ote': 'q' } },
        {
          op: 'insert',
          table: 'odd',
          data: {
            'a.b': { $ref: ['a', 'a.b'] },
            'two words': { $ref: 'a.two words' },
            'qu"ote': { $ref: 'a.qu"ote' },
          },
        },
        { op: 'select', table: 'odd', where: { 'two words': evil }, fields: ['a.b', 'qu"ote'] },
      ]);
      assert.deepEqual(results[1]?.data, results[0]?.data);
      assert.equal(results[2]?.data.length, 2);
      assert.ok([plan, ...(plan?.steps ?? [])].every((one) => !one?.sql.includes('drop')));
    });

    for (const at of [1, 2]) {
      it(`to no row undo the batch, and name operation and reference (${at})`, async () => {
        const none = { id: 'none', op: 'select', table: 'orders', where: { id: -1 } };
        const uses = [
          { id: 'use', op: 'insert', table: 'orders', data: { customer_id: { $ref: 'none.customer_id' } } },
          {
            id: 'use',
            op: 'delete',
            table: 'odd',
            where: { 'a.b': { $ref: 'none.id' }, 'two words': 'no row has this' },
          },
        ];
        const before = await bed.one('select count(*)::int from orders');
        const answer = await run([none, { op: 'insert', table: 'orders', data: {} }, uses[at - 1]]);
        assert.deepEqual([answer.status, answer.code], [422, 'MF434']);
        assert.deepEqual([answer.details.step, answer.details.id], [2, 'use']);
        assert.match(answer.details.reference, /^none\./);
        assert.equal(await bed.one('select count(*)::int from orders'), before);
      });
    }

    const o = { id: 'o', op: 'insert', table: 'orders', data: {} };
    const insert = (ref: unknown): object => ({
      id: 'x',
      op: 'insert',
      table: 'orders',
      data: { customer_id: { $ref: ref } },
    });
    const wrong: [title: string, operations: object[], says: RegExp][] = [
      ['an unknown operation', [o, insert('p.id')], /no operation "p"/],
      ['itself', [o, insert('x.id')], /this operation itself/],
      ['a later one', [insert('o.id'), o], /comes later/],
      ['a later one by number', [insert('1.id'), o], /comes later/],
      ['an unknown column', [o, insert('o.idd')], /no column "idd"/],
      ['a row as a whole', [o, insert('o')], /names no column/],
      [
        'a part of a value',
        [{ id: 'o', op: 'call', function: 'add', data: { a: 1, b: 1 } }, insert('o.id')],
        /no rows/,
      ],
      ['a list', [{ id: 'o', op: 'select', table: 'orders', query: 'limit=1' }, insert('o.id')], /"query"/],
      ['no text', [o, insert(5)], /leads nowhere/],
      ['broken text', [o, insert('o[x].id')], /leads nowhere/],
    ];
    for (const [title, operations, says] of wrong) {
      it(`to ${title} are refused while planning`, async () => {
        const answer = await run(operations);
        assert.deepEqual(
          [answer.status, answer.code, answer.plan],
          [422, 'MF434', undefined],
          answer.message,
        );
        assert.match(answer.message ?? '', says);
        assert.equal(answer.details.id, 'x');
      });
    }

    it('to all rows stand in a condition only', async () => {
      assert.match((await run([o, insert('o[*].id')])).message ?? '', /several values/);
      const answer = await run([
        o,
        { op: 'delete', table: 'orders', where: { id: { in: { $ref: 'o.id' } } } },
      ]);
      assert.match(answer.fix ?? '', /\[\*\]/);
    });

    it('of batches in one pipeline stay apart', async () => {
      const batches = Array.from({ length: 40 }, (_, index) => [
        { id: 'o', op: 'insert', table: 'orders', data: { status: `p${index}` } },
        { op: 'select', table: 'orders', where: { id: { $ref: 'o.id' } }, fields: ['status'] },
        {
          op: 'insert',
          table: 'item',
          data: { order_id: { $ref: 'o.id' }, product: { $ref: 'o.status' }, qty: 1 },
          fields: ['product'],
        },
      ]);
      const answers = await Promise.all(batches.map((batch) => ok(batch)));
      for (const [index, { results }] of answers.entries()) {
        assert.deepEqual([results[1]?.data[0].status, results[2]?.data.product], [`p${index}`, `p${index}`]);
      }
    });
  });

  describe('all or nothing', () => {
    for (const failing of [0, 1, 2, 3]) {
      it(`operation ${failing} of four fails`, async () => {
        const before = await bed.one('select count(*)::int from customer');
        const operations = Array.from({ length: 4 }, (_, index) => ({
          id: `c${index}`,
          op: 'insert',
          table: 'customer',
          data: { name: index === failing ? 'x'.repeat(21) : fresh() },
        }));
        const answer = await run(operations);
        assert.deepEqual([answer.status, answer.code], [422, 'MF422'], answer.message);
        assert.deepEqual(
          [answer.details.step, answer.details.id, answer.details.table],
          [failing, `c${failing}`, 'customer'],
        );
        assert.equal(await bed.one('select count(*)::int from customer'), before);
      });
    }

    it('expect says how many rows it has to be', async () => {
      const name = fresh();
      const insert = { op: 'insert', table: 'customer', data: { name } };
      const answer = await run([
        insert,
        { id: 'u', op: 'update', table: 'orders', data: { status: 'x' }, where: { id: -1 }, expect: 1 },
      ]);
      assert.deepEqual([answer.status, answer.code], [409, 'MF435']);
      assert.deepEqual(answer.details, { expected: 1, rows: 0, step: 1, id: 'u' });
      assert.equal(await bed.one(`select count(*)::int from customer where name = '${name}'`), 0);
      await ok([
        insert,
        { op: 'delete', table: 'customer', where: { name }, expect: 1 },
        { op: 'select', table: 'customer', where: { name }, expect: 0 },
      ]);
    });

    it('a constraint looked at in the end is told of its table', async () => {
      const answer = await run([
        { op: 'insert', table: 'orders', data: {} },
        { op: 'insert', table: 'late', data: { id: 1, customer_id: -1 } },
      ]);
      assert.deepEqual([answer.status, answer.code, answer.details.table], [409, 'MF409', 'late']);
    });

    it('a conflict is told as /api tells it', async () => {
      const name = fresh();
      const twice = { op: 'insert', table: 'customer', data: { name } };
      const answer = await run([twice, twice]);
      assert.deepEqual([answer.status, answer.code, answer.details.step], [409, 'MF409', 1]);
      assert.deepEqual(answer.details.columns, ['name']);
    });

    it('code of the project has no voice of ours', async () => {
      const answer = await run([{ op: 'call', function: 'liar' }]);
      assert.notEqual(answer.code, 'MF434');
      assert.equal(answer.details.step, 0);
    });

    it('done once is answered again in full', async () => {
      const name = fresh();
      const operations = [
        { id: 'c', op: 'insert', table: 'customer', data: { name }, fields: ['name'] },
        { op: 'insert', table: 'orders', data: { customer_id: { $ref: 'c.id' } }, expect: 1 },
        { op: 'select', table: 'orders', where: { customer_id: { $ref: 'c.id' } }, fields: ['status'] },
      ];
      const first = await ok(operations, { once: name });
      const second = await ok(operations, { once: name });
      assert.equal(second.text, first.text);
      assert.equal(await bed.one(`select count(*)::int from customer where name = '${name}'`), 1);
    });

    it('limits of cost hold for all operations together', async () => {
      const operations = [
        { op: 'select', table: 'odd', limit: 1 },
        { id: 'dear', op: 'select', table: 'kinds' },
      ];
      await ok(operations, { limits: { cost: 1000 } });
      assert.equal((await run(operations, { limits: { cost: 1 } })).code, 'MF426');
    });
  });

  describe('as somebody', () => {
    const ada = { role: 'authenticated' as const, claims: { sub: 'ada' } };
    const bob = { role: 'authenticated' as const, claims: { sub: 'bob' } };

    it('row security holds, and sees what earlier operations wrote', async () => {
      const { results } = await ok(
        [
          { id: 'mine', op: 'insert', table: 'own', data: { word: 'a' } },
          { op: 'insert', table: 'own_part', data: { own_id: { $ref: 'mine.id' }, word: 'part' } },
        ],
        ada,
      );
      const id = results[0]?.data.id;
      assert.equal(results[0]?.data.owner, 'ada');
      const others = await ok(
        [
          { op: 'select', table: 'own', where: { id } },
          { op: 'update', table: 'own', data: { word: 'stolen' }, where: {} },
          { op: 'delete', table: 'own_part', where: {} },
        ],
        bob,
      );
      assert.deepEqual(
        others.results.map(({ meta }) => meta['count']),
        [0, 0, 0],
      );
      for (const operation of [
        { op: 'insert', table: 'own', data: { owner: 'ada', word: 'forged' } },
        { op: 'insert', table: 'own_part', data: { own_id: id, word: 'forged' } },
      ]) {
        const answer = await run([{ op: 'insert', table: 'own', data: { word: 'undone' } }, operation], bob);
        assert.deepEqual(
          [answer.status, answer.code, answer.details.step, answer.details.rowSecurity],
          [403, 'MF403', 1, true],
        );
      }
      assert.equal(await bed.one(`select count(*)::int from own where owner = 'bob'`), 0);
    });

    it('anon has its rights and no others', async () => {
      await ok([{ op: 'select', table: 'customer', limit: 1 }], { role: 'anon' });
      for (const operation of [
        { op: 'select', table: 'orders' },
        { op: 'insert', table: 'customer', data: { name: 'anon' } },
        { op: 'delete', table: 'customer', where: {} },
      ]) {
        const answer = await run([operation], { role: 'anon' });
        assert.deepEqual([answer.status, answer.code, answer.details.step], [403, 'MF403', 0], operation.op);
      }
    });
  });
});
