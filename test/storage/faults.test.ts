import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import { type LaneBed, laneBed, outboxRow } from '../support/postgres-lanes.ts';
import { type OwnCluster, startCluster, type TestProject } from '../support/test-cluster.ts';

/** What became of a write, as its caller was told. */
interface Told {
  readonly id: number;
  readonly outbox: string;
  readonly outcome: 'written' | 'not written' | 'unknown' | string;
}

/** A cluster of its own that tests may kill, with lanes that hear of it as those of a CPU thread do. */
describe('storage under faults', function () {
  this.timeout(60_000);
  let folder: string;
  let cluster: OwnCluster;
  let project: TestProject;
  let bed: LaneBed;

  async function open(dataDir: string): Promise<void> {
    cluster = await startCluster(dataDir, { publish: async (delta) => bed?.lanes.applyDelta(delta) });
    project = await cluster.createProject();
    await project.sql('create table item (id int primary key, filler text)');
    bed = laneBed(cluster, project.ref, { sealed });
  }

  /** As the replica asks its owner. */
  async function sealed(ref: string, outboxId: string): Promise<boolean> {
    const { rows } = await cluster.storage.query({
      database: 'control',
      text: 'select from cp_audit.entries where project = $1 and id = $2::uuid',
      values: [ref, outboxId],
    });
    return rows.length > 0;
  }

  function insert(id: number, timeoutMs = 15_000): Promise<PlanResult> & { outbox: string } {
    const outbox = outboxRow();
    const sql = `with put as (insert into item values ($1::int, 'x') returning id) select id::text as body, count(*) as rows from put group by id`;
    return Object.assign(bed.write(sql, { parameters: [String(id)], timeoutMs, outbox }), {
      outbox: outbox.id,
    });
  }

  async function told(id: number): Promise<Told> {
    const write = insert(id);
    const outcome = await write.then(
      ({ body }) => (body === String(id) ? 'written' : `body ${body}`),
      (error: { code: string; message: string; retryable: boolean }) =>
        error.code === 'MF501' && !error.retryable
          ? 'unknown'
          : error.code === 'MF503' && error.retryable
            ? 'not written'
            : `${error.code} ${error.message}`,
    );
    return { id, outbox: write.outbox, outcome };
  }

  async function present(): Promise<Set<number>> {
    const { rows } = await project.query('select id from item');
    return new Set(rows.map(({ id }) => id as number));
  }

  describe('on a healthy disk', () => {
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'magflock-faults-'));
      chmodSync(folder, 0o711);
      await open(folder);
    });
    after(async () => {
      await bed.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(() => emptied(project));

    it('tells every write the truth when the postmaster is killed in a burst, and is back within five seconds', async () => {
      const answers: Promise<Told>[] = [];
      const reads: Promise<string>[] = [];
      const long = bed
        .read('(select count(*) from generate_series(1, 2000000000))')
        .then(String, (error) => error.code as string);
      const backend = bed.read('pg_sleep(60)').then(String, (error) => error.code as string);
      await pause(50);
      let killedAt = 0;
      let acknowledged = 0;
      let unanswered = 0;
      for (let id = 1; id <= 2000; id++) {
        unanswered += 1;
        answers.push(
          told(id).then((answer) => {
            unanswered -= 1;
            acknowledged += answer.outcome === 'written' ? 1 : 0;
            return answer;
          }),
        );
        if (id % 10 === 0) {
          reads.push(
            bed.read('(select count(*) from item)').then(
              () => 'read',
              (error) => error.code as string,
            ),
          );
        }
        while (unanswered >= 64) await pause(1);
        if (acknowledged >= 500 && killedAt === 0) {
          killedAt = performance.now();
          process.kill(cluster.storage.facts().pid as number, 'SIGKILL');
        }
      }
      while ((await bed.read('1').catch(() => '')) !== '1') await pause(20);
      const backAfter = performance.now() - killedAt;
      const outcomes = await Promise.all(answers);
      const there = await present();
      const count = (outcome: string): number => outcomes.filter((one) => one.outcome === outcome).length;

      deepEqual(
        [...new Set(outcomes.map(({ outcome }) => outcome))].filter(
          (one) => !['written', 'not written', 'unknown'].includes(one),
        ),
        [],
      );
      deepEqual(
        outcomes.filter(({ id, outcome }) => outcome === 'written' && !there.has(id)),
        [],
      );
      deepEqual(
        outcomes.filter(({ id, outcome }) => outcome === 'not written' && there.has(id)),
        [],
      );
      ok(
        count('written') >= 500 && count('not written') > 0,
        `${count('written')} written, ${count('not written')} not`,
      );
      // On the machine's own socket nearly every outcome can be told.
      ok(count('unknown') < 40, `${count('unknown')} unknown`);
      deepEqual(
        [...new Set(await Promise.all(reads))].filter((one) => !['read', 'MF503'].includes(one)),
        [],
      );
      deepEqual(
        [await long, await backend].filter((one) => !['MF503', 'MF504'].includes(one)),
        [],
      );
      ok(backAfter < 5000, `back after ${backAfter} ms`);
      // Every write that is there has its audit row, and no other.
      const { rows } = await cluster.storage.query({
        database: `project:${project.ref}`,
        text: 'select id from mg_sys.outbox',
      });
      const audited = new Set(rows.map(({ id }) => id));
      deepEqual(
        outcomes.filter(({ id, outbox }) => there.has(id) !== audited.has(outbox)),
        [],
      );
    });

    it('answers at once while the server is down, and not after a timeout', async () => {
      process.kill(cluster.storage.facts().pid as number, 'SIGKILL');
      await pause(100);
      const took: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const began = performance.now();
        await bed.read('1').catch((error) => equal(error.code, 'MF503'));
        took.push(performance.now() - began);
      }
      ok(Math.max(...took) < 2500, took.join());
      while ((await bed.read('1').catch(() => '')) !== '1') await pause(20);
    });

    it('finds out that a write was committed when the connection died before its answer', async () => {
      // The commit waits for a lock that a trigger put off to the end takes; meanwhile the connection is cut.
      await project.sql(`
        create or replace function hold() returns trigger language plpgsql as $$
          begin perform pg_sleep(0.4); return null; end $$;
        create constraint trigger held after insert on item deferrable initially deferred for each row execute function hold()`);
      try {
        const write = told(1);
        await pause(200);
        await cutLaneConnections();
        equal((await write).outcome, 'not written'); // terminated before the commit record
        equal((await present()).has(1), false);
      } finally {
        await project.sql('drop function hold() cascade');
      }
    });

    it('answers committed or unknown, never a lie, when connections are cut all the time', async () => {
      const answers: Promise<Told>[] = [];
      for (let id = 1; id <= 600; id++) {
        answers.push(told(id));
        if (id % 100 === 50) await cutLaneConnections();
        await pause(1);
      }
      const outcomes = await Promise.all(answers);
      const there = await present();
      deepEqual(
        outcomes.filter(({ id, outcome }) => outcome === 'written' && !there.has(id)),
        [],
      );
      deepEqual(
        outcomes.filter(({ id, outcome }) => outcome === 'not written' && there.has(id)),
        [],
      );
      ok(outcomes.filter(({ outcome }) => outcome === 'written').length > 300);
    });

    it('takes the audit chain as proof when the outbox row has been sealed already', async () => {
      const id = outboxRow().id;
      await cluster.storage.query({
        database: 'control',
        text: `insert into cp_audit.entries (project, seq, id, kind, entry, previous_hash, hash, seal)
               values ($1, 1, $2, 'write', '{}', '', '', '')`,
        values: [project.ref, id],
      });
      equal(await sealed(project.ref, id), true);
      equal(await sealed(project.ref, outboxRow().id), false);
    });

    async function cutLaneConnections(): Promise<void> {
      const superuser = await cluster.superuser(project.database);
      await superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename like 'authenticator%'`,
      );
      await superuser.end();
    }
  });

  describe('on a full disk', () => {
    let mounted = false;
    before(async function () {
      folder = mkdtempSync(join(tmpdir(), 'magflock-full-'));
      chmodSync(folder, 0o711);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=230m,mode=0711', 'tmpfs', folder], {
          stdio: 'pipe',
        });
        mounted = true;
      } catch {
        this.skip(); // needs root and the right to mount
      }
      mkdirSync(join(folder, 'data'), { mode: 0o711 });
      await open(join(folder, 'data'));
    });
    after(async () => {
      if (mounted) {
        await bed?.close();
        await cluster?.stop();
        execFileSync('umount', [folder]);
      }
      rmSync(folder, { recursive: true, force: true });
    });

    it('says so clearly, goes on reading, and recovers when there is space again', async () => {
      const ballast = join(folder, 'ballast');
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 6 * 1024 * 1024)));
      const codes = new Set<string>();
      const acknowledged: number[] = [];
      for (let id = 1; id <= 400 && !codes.has('MF506'); id++) {
        await bed
          .write(
            `with put as (insert into item values ($1::int, (select string_agg(md5(i::text || $1), '') from generate_series(1, 8000) i)) returning 1) select '' as body, count(*) as rows from put`,
            { parameters: [String(id)] },
          )
          .then(
            () => acknowledged.push(id),
            (error: { code: string }) => codes.add(error.code),
          );
      }
      ok(codes.has('MF506') || codes.has('MF503'), [...codes].join());
      deepEqual(
        [...codes].filter((code) => !['MF501', 'MF503', 'MF506'].includes(code)),
        [],
      );
      if (cluster.storage.available) await bed.read('(select count(*) from item)').catch(() => {});
      rmSync(ballast);
      const began = performance.now();
      let last: unknown;
      while (performance.now() - began < 20_000) {
        try {
          await insert(100_000, 2000);
          last = undefined;
          break;
        } catch (error) {
          last = error;
          await pause(100);
        }
      }
      equal(last, undefined);
      const there = await present();
      deepEqual(
        acknowledged.filter((id) => !there.has(id)),
        [],
      );
    });
  });
});

/** Empties the table. The server may have been killed a moment ago, and the owner's connection with it. */
async function emptied(project: TestProject): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      return await project.sql('truncate item');
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(100);
    }
  }
}
