import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { QueryRequest } from '../../runtime/protocol/storage.protocol.ts';
import { BenchOfAudit } from './bench-of-audit.ts';

describe('sealing an outbox', function () {
  this.timeout(40_000);
  let bench: BenchOfAudit;
  before(async () => {
    bench = await BenchOfAudit.create(['main', 'shop']);
  });
  after(() => bench.close());
  beforeEach(() => bench.clear());

  const entries = (project: string) =>
    bench.storage.sql(
      'control',
      `select seq::int, id::text, kind, entry from cp_audit.entries where project = $1 order by seq`,
      [project],
    );
  const waiting = async (project: string): Promise<number> =>
    (await bench.storage.sql(`project:${project}`, 'select 1 from mg_sys.outbox')).length;

  it('moves rows in the order they were written, and the outbox is empty', async () => {
    for (let number = 1; number <= 5; number++) await bench.write('main', String(number));
    deepEqual(await bench.seal('main'), { rows: 5, unauthentic: 0 });
    const sealed = await entries('main');
    deepEqual(
      sealed.map((row) => [row.seq, row.kind, JSON.parse(row.entry).target]),
      [1, 2, 3, 4, 5].map((number) => [number, 'write', `track/${number}`]),
    );
    equal(await waiting('main'), 0);
    ok((await bench.verify('main')).ok);
  });

  it('moves more than a batch', async () => {
    const rows = [];
    for (let number = 0; number < 1100; number++) rows.push(bench.write('main', String(number)));
    await Promise.all(rows);
    equal((await bench.seal('main')).rows, 1100);
    const report = await bench.verify('main');
    deepEqual([report.ok, report.entries], [true, 1100]);
  });

  it('takes a row that committed late, after rows with higher positions were sealed', async () => {
    const { Client } = await import('pg');
    const slow = new Client(bench.storage.connection('project:main'));
    await slow.connect();
    try {
      await slow.query('begin');
      const { outboxRow } = await import('../../actors/audit/outbox-row.ts');
      const identity = {
        project: 'main',
        role: 'service_role',
        claims: '{}',
        isAnonymous: false,
        keyId: 'k',
        scopes: {},
      } as const;
      const row = outboxRow(bench.keys.outbox, {
        ...{ identity, requestId: 'r', address: '::1', operation: 'insert' },
        ...{ table: 'track', target: 'late', body: undefined },
      });
      await slow.query('select mg_sys.append_outbox($1, $2, $3)', [row.id, row.entry, row.mac]);
      await bench.write('main', 'quick');
      equal((await bench.seal('main')).rows, 1);
      await slow.query('commit');
      equal((await bench.seal('main')).rows, 1);
    } finally {
      await slow.end();
    }
    deepEqual(
      (await entries('main')).map((row) => JSON.parse(row.entry).target),
      ['track/quick', 'track/late'],
    );
  });

  const crashes: readonly [name: string, at: (request: QueryRequest) => boolean, when: 'before' | 'after'][] =
    [
      ['before the chain is written', ({ text }) => text.includes('into cp_audit.entries'), 'before'],
      ['after the chain is written, unheard', ({ text }) => text.includes('into cp_audit.entries'), 'after'],
      ['before the outbox is emptied', ({ text }) => text.startsWith('delete'), 'before'],
      ['after the outbox is emptied, unheard', ({ text }) => text.startsWith('delete'), 'after'],
    ];
  for (const [name, at, when] of crashes) {
    it(`seals each row exactly once when it dies ${name}`, async () => {
      const rows = [];
      for (let number = 1; number <= 3; number++) rows.push(await bench.write('main', String(number)));
      bench.storage[when] = (request) => {
        if (at(request)) bench.storage.down = true;
        if (bench.storage.down) throw new Error('killed');
      };
      await rejects(bench.seal('main'));
      bench.storage.down = false;
      bench.storage[when] = () => {};
      bench.restart();
      await bench.write('main', '4');
      await bench.seal('main');
      const sealed = await entries('main');
      deepEqual(
        sealed.map((row) => JSON.parse(row.entry).target),
        ['track/1', 'track/2', 'track/3', 'track/4'],
      );
      deepEqual(
        sealed.slice(0, 3).map((row) => row.id),
        rows.map((row) => row.id),
      );
      equal(await waiting('main'), 0);
      ok((await bench.verify('main')).ok);
    });
  }

  it('seals each row once when the answer is lost and the same incarnation tries again', async () => {
    await bench.write('main', '1');
    let lost = 0;
    bench.storage.after = ({ text }) => {
      if (text.includes('into cp_audit.entries') && lost++ === 0) throw new Error('connection lost');
    };
    await bench.seal('main');
    equal((await entries('main')).length, 1);
    ok((await bench.verify('main')).ok);
  });

  it('seals each row once when two daemons do it at the same time', async () => {
    for (let number = 1; number <= 50; number++) await bench.write('main', String(number));
    const first = bench.seal('main');
    bench.restart();
    await Promise.allSettled([first, bench.seal('main')]);
    await bench.seal('main');
    equal((await entries('main')).length, 50);
    const report = await bench.verify('main');
    deepEqual(report.findings, []);
  });

  it('seals projects side by side, each into its own chain, and one that hangs holds up no other', async () => {
    await bench.write('main', '1');
    await bench.write('shop', '2');
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => (release = resolve));
    bench.storage.before = async ({ database }) => {
      if (database === 'project:main') await hanging;
    };
    const slow = bench.seal('main');
    deepEqual(await bench.seal('shop'), { rows: 1, unauthentic: 0 });
    equal((await entries('main')).length, 0);
    release();
    await slow;
    deepEqual([(await entries('main')).length, (await entries('shop')).length], [1, 1]);
    ok((await bench.verify()).ok);
  });

  describe('a row that is not ours', () => {
    const forged: readonly [
      name: string,
      problem: RegExp,
      put: () => Promise<{ id: string; entry: string; mac: string }>,
    ][] = [
      [
        'with no valid MAC',
        /MAC does not fit/,
        async () => ({ id: '01890000-0000-7000-8000-000000000001', entry: '{"kind":"write"}', mac: 'x' }),
      ],
      [
        'that is not even JSON',
        /MAC does not fit/,
        async () => ({ id: '01890000-0000-7000-8000-000000000002', entry: 'rubbish\n', mac: '' }),
      ],
      [
        'moved here from another project',
        /made for project shop/,
        async () => {
          const row = await bench.write('shop', '1');
          return row;
        },
      ],
      [
        'used a second time under another id',
        /made under the id/,
        async () => ({ ...(await bench.write('main', '1')), id: '01890000-0000-7000-8000-000000000003' }),
      ],
    ];
    for (const [name, problem, put] of forged) {
      it(`${name} is put down as a threat and leaves the outbox`, async () => {
        const row = await put();
        await bench.storage.sql('project:main', 'delete from mg_sys.outbox');
        await bench.appendOutbox('main', row);
        await bench.write('main', 'real');
        deepEqual(await bench.verify('main').then(({ ok }) => ok), false, 'seen while it waits');
        deepEqual(await bench.seal('main'), { rows: 2, unauthentic: 1 });
        const [threat, real] = await entries('main');
        equal(threat.kind, 'threat');
        const { action, target, details } = JSON.parse(threat.entry);
        deepEqual([action, target], ['outbox.unauthentic', `outbox/${row.id}`]);
        ok(problem.test(details.problem), details.problem);
        equal(JSON.parse(real.entry).target, 'track/real');
        equal(await waiting('main'), 0);
        const { findings } = await bench.verify('main');
        deepEqual(
          findings.map((finding) => [finding.seq, finding.problem]),
          [[1, 'unauthentic-outbox-row']],
        );
      });
    }

    it('is put down once when the sealer dies before it leaves the outbox', async () => {
      await bench.appendOutbox('main', { id: '01890000-0000-7000-8000-000000000009', entry: '{}', mac: 'x' });
      bench.storage.before = ({ text }) => {
        if (text.startsWith('delete')) throw new Error('killed');
      };
      await rejects(bench.seal('main'));
      bench.storage.before = () => {};
      bench.restart();
      await bench.seal('main');
      equal((await entries('main')).length, 1);
    });

    it('replayed after its original was sealed adds nothing', async () => {
      const row = await bench.write('main', '1');
      await bench.seal('main');
      await bench.appendOutbox('main', row);
      await bench.seal('main');
      equal((await entries('main')).length, 1);
      equal(await waiting('main'), 0);
      ok((await bench.verify('main')).ok);
    });
  });
});
