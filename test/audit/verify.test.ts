import { deepEqual, equal, ok } from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../actors/audit/canonical-json.ts';
import { linkHash } from '../../actors/audit/chain-link.ts';
import { type Checkpoint, checkpointLine, checkpointText } from '../../actors/audit/checkpoint.ts';
import { SigningKey } from '../../actors/psu/signing-key.ts';
import { BenchOfAudit } from './bench-of-audit.ts';

/** What somebody may do to the trail who owns the database, the data folder, or both, but no key. */
describe('verifying the trail', function () {
  this.timeout(40_000);
  let bench: BenchOfAudit;
  before(async () => {
    bench = await BenchOfAudit.create(['main', 'shop']);
  });
  after(() => bench.close());

  /** Ten entries; checkpoints after the third, the sixth and the eighth. */
  beforeEach(async () => {
    await bench.clear();
    for (const count of [3, 3, 2]) {
      await bench.append('main', count);
      await bench.checkpointer.write('main');
    }
    await bench.append('main', 2);
  });

  const sql = (text: string, values?: unknown[]) => bench.storage.sql('control', text, values);
  const file = () => join(bench.folder, 'main.checkpoints.ndjson');
  const lines = async (): Promise<string[]> => (await readFile(file(), 'utf8')).trimEnd().split('\n');
  const saveLines = (all: readonly string[]) => writeFile(file(), all.map((line) => `${line}\n`).join(''));
  const findings = async (): Promise<string[]> =>
    (await bench.verify('main')).findings.map(({ seq, problem }) => `${seq} ${problem}`);

  it('finds nothing in a trail that nobody touched', async () => {
    deepEqual(await bench.verify('main'), { ok: true, entries: 10, checkpoints: 3, findings: [] });
  });

  it('finds nothing in a trail that goes on after a restart', async () => {
    bench.restart();
    await bench.append('main', 1);
    await bench.checkpointer.write('main');
    deepEqual(await bench.verify('main'), { ok: true, entries: 11, checkpoints: 4, findings: [] });
  });

  it('keeps the chains apart: what is done to one says nothing about the other', async () => {
    await bench.append('shop', 3);
    await sql(`delete from cp_audit.entries where project = 'main' and seq = 5`);
    equal((await bench.verify('shop')).ok, true);
    deepEqual(
      (await bench.verify()).findings.map(({ project, problem }) => `${project} ${problem}`),
      ['main removed'],
    );
  });

  it('finds nothing in an empty trail', async () => {
    deepEqual(await bench.verify('shop'), { ok: true, entries: 0, checkpoints: 0, findings: [] });
  });

  /** Swaps columns of two rows, as an update of somebody who owns the table would. */
  const swap = async (a: number, b: number, columns: readonly string[]) => {
    const rows = await sql('select * from cp_audit.entries where seq in ($1, $2) order by seq', [a, b]);
    const set = columns.map((name, index) => `${name} = $${index + 2}`).join(', ');
    await sql('update cp_audit.entries set id = gen_random_uuid() where seq in ($1, $2)', [a, b]);
    for (const [seq, from] of [
      [a, rows[1]],
      [b, rows[0]],
    ] as const) {
      const values = columns.map((name) => from[name]);
      await sql(`update cp_audit.entries set ${set} where seq = $1`, [seq, ...values]);
    }
    if (!columns.includes('id')) {
      await sql('update cp_audit.entries set id = $2 where seq = $1', [a, rows[0].id]);
      await sql('update cp_audit.entries set id = $2 where seq = $1', [b, rows[1].id]);
    }
  };
  const everything = ['id', 'kind', 'entry', 'previous_hash', 'hash', 'seal'];

  const tamperings: readonly [name: string, tamper: () => Promise<unknown>, expected: readonly string[]][] = [
    [
      'an edited text',
      () => sql(`update cp_audit.entries set entry = replace(entry, 'tester', 'nobody') where seq = 5`),
      ['5 edited'],
    ],
    [
      'an edited text of the last entry',
      () => sql(`update cp_audit.entries set entry = replace(entry, 'tester', 'nobody') where seq = 10`),
      ['10 edited'],
    ],
    [
      'a text that is no JSON any more',
      () => sql(`update cp_audit.entries set entry = '' where seq = 5`),
      ['5 edited'],
    ],
    [
      'an edited kind, which only filters',
      () => sql(`update cp_audit.entries set kind = 'write' where seq = 5`),
      ['5 edited'],
    ],
    [
      'an edited id',
      () => sql('update cp_audit.entries set id = gen_random_uuid() where seq = 5'),
      ['5 edited'],
    ],
    [
      'an edited hash',
      () => sql(`update cp_audit.entries set hash = repeat('0', 64) where seq = 5`),
      ['5 edited'],
    ],
    [
      'an edited seal',
      () => sql(`update cp_audit.entries set seal = repeat('0', 64) where seq = 5`),
      ['5 edited'],
    ],
    [
      'an edited previous hash',
      () => sql(`update cp_audit.entries set previous_hash = repeat('0', 64) where seq = 5`),
      ['5 edited'],
    ],
    ['a removed entry', () => sql('delete from cp_audit.entries where seq = 5'), ['5 removed']],
    ['the first entry removed', () => sql('delete from cp_audit.entries where seq = 1'), ['1 removed']],
    [
      'two stretches removed',
      () => sql('delete from cp_audit.entries where seq in (2, 4, 5)'),
      ['2 removed', '4 removed'],
    ],
    [
      'the tail cut, the head row left as it was',
      () => sql('delete from cp_audit.entries where seq > 9'),
      ['10 tail-removed'],
    ],
    [
      'the tail cut below a checkpoint, the head row set back',
      async () => {
        await sql('delete from cp_audit.entries where seq > 7');
        await sql(
          `update cp_audit.heads h set seq = 7, hash = e.hash from cp_audit.entries e where e.seq = 7`,
        );
      },
      ['8 tail-removed'],
    ],
    [
      'everything removed from the database',
      () => sql('truncate cp_audit.entries, cp_audit.heads, cp_audit.checkpoints'),
      ['3 tail-removed', '6 tail-removed', '8 tail-removed'],
    ],
    ['two rows swapped whole', () => swap(4, 7, everything), ['4 reordered', '7 reordered']],
    ['two neighbours swapped whole', () => swap(4, 5, everything), ['4 reordered', '5 reordered']],
    ['two texts swapped', () => swap(4, 7, ['entry', 'id', 'kind']), ['4 reordered', '7 reordered']],
    [
      'an entry removed and the rest moved up',
      async () => {
        await sql('delete from cp_audit.entries where seq = 9');
        await sql('update cp_audit.entries set seq = 9 where seq = 10');
      },
      ['9 reordered', '10 tail-removed'],
    ],
    ['the head row removed', () => sql('delete from cp_audit.heads'), ['null edited']],
    ['the head row set back', () => sql('update cp_audit.heads set seq = 9'), ['9 edited']],
    [
      'the hash of the head row edited',
      () => sql(`update cp_audit.heads set hash = repeat('0', 64)`),
      ['10 edited'],
    ],
    [
      'an entry edited and the chain hashed again to the end',
      () => rewrite(5),
      ['5 edited', '6 edited', '7 edited', '8 edited', '9 edited', '10 edited', '6 edited', '8 edited'],
    ],
    [
      'an entry put in at the end with a made-up seal',
      async () => {
        const [last] = await sql('select * from cp_audit.entries where seq = 10');
        const entry = last.entry.replace(last.id, '01890000-0000-7000-8000-000000000001');
        const hash = linkHash({ project: 'main', seq: 11, previousHash: last.hash, entry });
        await sql(
          `insert into cp_audit.entries (project, seq, id, kind, entry, previous_hash, hash, seal)
           values ('main', 11, '01890000-0000-7000-8000-000000000001', 'admin', $1, $2, $3, $3)`,
          [entry, last.hash, hash],
        );
        await sql('update cp_audit.heads set seq = 11, hash = $1', [hash]);
      },
      ['11 edited'],
    ],
    [
      'entries of another chain put in',
      async () => {
        await bench.append('shop', 5);
        await sql('delete from cp_audit.entries where project = $1 and seq = 4', ['main']);
        await sql(`update cp_audit.entries set project = 'main' where project = 'shop' and seq = 4`);
      },
      ['4 edited'],
    ],
    [
      'a line of the checkpoints edited',
      async () => {
        const all = await lines();
        await saveLines([all[0]!, all[1]!.replace('"seq":6', '"seq":5'), all[2]!]);
      },
      ['5 bad-checkpoint', '8 bad-checkpoint', '6 bad-checkpoint'],
    ],
    [
      'a line of the checkpoints removed',
      async () => {
        const all = await lines();
        await saveLines([all[0]!, all[2]!]);
      },
      ['8 bad-checkpoint', '6 bad-checkpoint'],
    ],
    [
      'the last line of the checkpoints removed',
      async () => saveLines((await lines()).slice(0, 2)),
      ['8 bad-checkpoint'],
    ],
    [
      'the file of the checkpoints removed',
      () => rm(file()),
      ['3 bad-checkpoint', '6 bad-checkpoint', '8 bad-checkpoint'],
    ],
    [
      'a line replaced by one that somebody else signed',
      async () => {
        const all = await lines();
        const { checkpoint } = JSON.parse(all[1]!) as { checkpoint: Checkpoint };
        const stranger = new SigningKey('99'.repeat(32), 'audit-checkpoint');
        const signature = stranger.sign(checkpointText(checkpoint));
        const line = checkpointLine({ checkpoint, keyId: bench.signing.keyId, signature });
        await saveLines([all[0]!, line, all[2]!]);
      },
      ['6 bad-checkpoint', '8 bad-checkpoint', '6 bad-checkpoint'],
    ],
    [
      'a line replaced by an earlier one',
      async () => {
        const all = await lines();
        await saveLines([all[0]!, all[0]!, all[2]!]);
      },
      ['3 bad-checkpoint', '8 bad-checkpoint', '6 bad-checkpoint'],
    ],
    [
      'two lines swapped',
      async () => {
        const all = await lines();
        await saveLines([all[1]!, all[0]!, all[2]!]);
      },
      ['6 bad-checkpoint', '3 bad-checkpoint', '8 bad-checkpoint'],
    ],
    [
      'a line added that is no checkpoint',
      () => appendFile(file(), '{"checkpoint":null}\n'),
      ['null bad-checkpoint'],
    ],
    [
      'a copy in the database edited',
      () => sql(`update cp_audit.checkpoints set line = 'x' where seq = 6`),
      ['6 bad-checkpoint'],
    ],
    [
      'the copies in the database removed: the file stands for itself',
      () => sql('delete from cp_audit.checkpoints'),
      [],
    ],
    [
      'a line that a crash cut short: it was never said to be written',
      () => appendFile(file(), '{"checkpoint":{"at":"2026'),
      [],
    ],
  ];
  for (const [name, tamper, expected] of tamperings) {
    it(`${expected.length === 0 ? 'accepts' : 'names'} ${name}`, async () => {
      await tamper();
      deepEqual((await findings()).sort(), [...expected].sort());
    });
  }

  /** Edits an entry and makes all later hashes fit, which anybody can; only the seals they cannot make. */
  async function rewrite(from: number): Promise<void> {
    const rows = await sql('select * from cp_audit.entries where seq >= $1 order by seq', [from]);
    let previousHash = rows[0].previous_hash as string;
    for (const row of rows) {
      const seq = Number(row.seq);
      const fields = JSON.parse(row.entry);
      const entry = seq === from ? canonicalJson({ ...fields, actor: 'nobody' }) : row.entry;
      const hash = linkHash({ project: 'main', seq, previousHash, entry });
      await sql('update cp_audit.entries set entry = $2, previous_hash = $3, hash = $4 where seq = $1', [
        seq,
        entry,
        previousHash,
        hash,
      ]);
      previousHash = hash;
    }
    await sql('update cp_audit.heads set hash = $1', [previousHash]);
  }

  it('goes on sealing after the head row was removed, and names it for ever', async () => {
    await sql('delete from cp_audit.heads');
    bench.restart();
    await bench.append('main', 1);
    deepEqual(await findings(), ['11 edited']);
    equal((await bench.verify('main')).entries, 12);
  });

  it('goes on sealing after the tail was cut, and the gap stays', async () => {
    await sql('delete from cp_audit.entries where seq > 9');
    bench.restart();
    await bench.append('main', 1);
    deepEqual(await findings(), ['10 removed']);
  });

  it('goes on signing after a forged line claims a later entry', async () => {
    const all = await lines();
    const forged = all[2]!.replace('"seq":8', '"seq":999999');
    await appendFile(file(), `${forged}\n`);
    bench.restart();
    await bench.append('main', 1);
    equal((await bench.checkpointer.write('main')).seq, 11);
    const found = await findings();
    ok(found.includes('999999 bad-checkpoint'), found.join());
  });

  it('names a tail that was cut before the last checkpoint, in the database as in the file of the past', async () => {
    const past = await lines();
    await sql('delete from cp_audit.entries where seq > 3');
    await sql('delete from cp_audit.checkpoints where seq > 3');
    await sql(`update cp_audit.heads h set seq = 3, hash = e.hash from cp_audit.entries e where e.seq = 3`);
    await saveLines(past.slice(0, 1));
    deepEqual(await findings(), [], 'from inside nothing is left that could tell: hence the export');
    await saveLines(past);
    deepEqual(await findings(), ['6 tail-removed', '8 tail-removed']);
  });

  it('names no more than a hundred checkpoints or two hundred entries, and counts the rest', async () => {
    await bench.clear();
    await bench.append('main', 300);
    await sql(`update cp_audit.entries set kind = 'write'`);
    const { findings: found } = await bench.verify('main');
    equal(found.length, 201);
    equal(found.at(-1)?.detail, '100 more entries do not fit');
  });

  it('walks a chain longer than a batch, tells its progress, and stops when told', async () => {
    await bench.clear();
    for (let round = 0; round < 5; round++) await bench.append('main', 500);
    const { verifyChain } = await import('../../actors/audit/verify-chain.ts');
    const told: number[] = [];
    const stop = new AbortController();
    await verifyChain(bench.store, bench.keys.seal, 'main', { progress: (entries) => told.push(entries) });
    deepEqual(told, [1000, 1000, 500]);
    const verifying = verifyChain(bench.store, bench.keys.seal, 'main', {
      signal: stop.signal,
      progress: () => stop.abort(new Error('stopped')),
    });
    await verifying.then(
      () => ok(false, 'went on'),
      (error: Error) => equal(error.message, 'stopped'),
    );
  });

  it('sees nothing wrong while entries are sealed and signed', async () => {
    let done = false;
    const writing = (async () => {
      while (!done) {
        await bench.append('main', 20);
        await bench.checkpointer.write('main');
      }
    })();
    for (let round = 0; round < 4; round++) deepEqual((await bench.verify('main')).findings, []);
    done = true;
    await writing;
  });
});
