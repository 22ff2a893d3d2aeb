import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

interface Outcome {
  readonly id: number;
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
}

/** POSTs a row with this id; a broken connection to the daemon would be status 0, which no test accepts. */
async function write(daemon: RunningDaemon, id: number): Promise<Outcome> {
  const response = await fetch(`${daemon.url}/api/entry`, {
    method: 'POST',
    headers: { 'x-api-key': daemon.secretKey, 'content-type': 'application/json' },
    body: JSON.stringify({ id, note: 'x'.repeat(200) }),
  }).catch(() => undefined);
  if (response === undefined) return { id, status: 0, code: undefined, retryAfter: null };
  const text = await response.text();
  return {
    id,
    status: response.status,
    code: response.ok ? undefined : (JSON.parse(text) as { code?: string }).code,
    retryAfter: response.headers.get('retry-after'),
  };
}

async function read(
  daemon: RunningDaemon,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const response = await fetch(`${daemon.url}/api/entry?limit=1`, {
    headers: { 'x-api-key': daemon.secretKey },
  });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
}

function postmasterOf(daemon: RunningDaemon): number {
  const stored = daemon.events.find((event) => JSON.stringify(event).includes('PostgreSQL'));
  const pid = /pid (\d+)/.exec(JSON.stringify(stored ?? {}))?.[1];
  assert.ok(pid !== undefined, 'the boot names the postmaster');
  return Number(pid);
}

/** Whether the process still works in the folder; one that waits to be reaped does not. */
function runsIn(pid: number, dataDir: string): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes(dataDir);
}

describe('the whole machine', function () {
  this.timeout(120_000);

  it('survives the death of its postmaster under load: 503 with Retry-After, true answers to writes, back within 5 s', async () => {
    const daemon = await startDaemon();
    try {
      await daemon.sql('create table entry (id integer primary key, note text)');
      while ((await read(daemon)).status !== 200) await sleep(20);
      const longQuery = daemon.sql('select pg_sleep(60)').then(
        () => 'answered',
        () => 'refused',
      );
      await sleep(200);
      const outcomes: Outcome[] = [];
      const reads: { status: number; retryAfter: string | null; text: string }[] = [];
      let next = 1;
      let going = true;
      const writers = Array.from({ length: 8 }, async () => {
        while (going) outcomes.push(await write(daemon, next++));
      });
      const readers = Array.from({ length: 8 }, async () => {
        while (going) {
          reads.push(await read(daemon));
          await sleep(1);
        }
      });
      await sleep(500);
      process.kill(postmasterOf(daemon), 'SIGKILL');
      const killedAt = Date.now();
      await sleep(50);
      let backAfter = Number.POSITIVE_INFINITY;
      while (Date.now() - killedAt < 20_000) {
        const probe = await write(daemon, next++);
        outcomes.push(probe);
        if (probe.status === 201) {
          backAfter = Date.now() - killedAt;
          break;
        }
        await sleep(20);
      }
      await sleep(300);
      going = false;
      await Promise.all([...writers, ...readers]);
      assert.equal(await longQuery, 'refused');
      assert.ok(backAfter < 5000, `back after ${backAfter} ms`);

      for (const { status, retryAfter, text } of reads) {
        assert.ok(status === 200 || status === 503, `a read was answered ${status}: ${text}`);
        if (status === 503) assert.ok(retryAfter !== null, 'a read that got 503 is told when to come back');
      }
      const there = new Set(
        (await daemon.sql('select id from entry'))[0]?.rows.map((row) => Number(row['id'])) ?? [],
      );
      for (const { id, status, code, retryAfter } of outcomes) {
        if (status === 201) assert.ok(there.has(id), `row ${id} was acknowledged and is gone`);
        else if (code === 'MF501')
          assert.equal(retryAfter, null, 'an unknown outcome must not be sent again blindly');
        else {
          assert.equal(status, 503, `a write was answered ${status} ${code}`);
          assert.ok(!there.has(id), `row ${id} was refused with ${code} and is there`);
        }
      }
      assert.ok(outcomes.some(({ status }) => status === 201));
      const verified = await daemon.cli(['logs', 'verify']);
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    } finally {
      await daemon.stop();
    }
  });

  it('loses no acknowledged row when daemon and postmaster are killed together in a burst of 2,000 writes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'magflock-test-'));
    chmodSync(dataDir, 0o711);
    let daemon = await startDaemon({ dataDir });
    try {
      await daemon.sql('create table entry (id integer primary key, note text)');
      while ((await read(daemon)).status !== 200) await sleep(20);
      const acknowledged: number[] = [];
      let next = 1;
      const writers = Array.from({ length: 16 }, async () => {
        while (next <= 2000) {
          const { id, status } = await write(daemon, next++);
          if (status === 201) acknowledged.push(id);
          if (status === 0) return;
        }
      });
      while (acknowledged.length < 600) await sleep(1);
      const postmaster = postmasterOf(daemon);
      process.kill(postmaster, 'SIGKILL');
      await daemon.kill9();
      await Promise.all(writers);
      assert.ok(acknowledged.length < 2000, 'the kill came in the middle');

      daemon = await startDaemon({ dataDir });
      const there = new Set(
        (await daemon.sql('select id from entry'))[0]?.rows.map((row) => Number(row['id'])) ?? [],
      );
      const lost = acknowledged.filter((id) => !there.has(id));
      assert.deepEqual(lost, []);
      const verified = await daemon.cli(['logs', 'verify']);
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      assert.ok(!runsIn(postmaster, dataDir), 'the old postmaster is gone');
    } finally {
      await daemon.stop();
      daemon.remove();
    }
  });

  it('says that the disk is full, keeps serving reads, and recovers when there is space again', async function () {
    if (process.getuid?.() !== 0 || process.platform !== 'linux') {
      console.log('      skipped: needs root to mount a small file system');
      this.skip();
    }
    const disk = mkdtempSync(join(tmpdir(), 'magflock-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=0711', 'tmpfs', disk]);
    let daemon: RunningDaemon | undefined;
    try {
      daemon = await startDaemon({ dataDir: disk });
      await daemon.sql('create table entry (id integer primary key, note text)');
      while ((await read(daemon)).status !== 200) await sleep(20);
      assert.equal((await write(daemon, 1)).status, 201);
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 65_536));
      let full: Outcome | undefined;
      for (let id = 2; id < 200_000 && full === undefined; id += 64) {
        const batch = await Promise.all(
          Array.from({ length: 64 }, (_, offset) => write(daemon as RunningDaemon, id + offset)),
        );
        full = batch.find(({ status }) => status !== 201);
      }
      assert.equal(full?.status, 503, JSON.stringify(full));
      assert.ok(full?.code === 'MF506' || full?.code === 'MF503', `code ${full?.code}`);
      rmSync(join(disk, 'ballast'));
      const freedAt = Date.now();
      let status = 0;
      while (status !== 201 && Date.now() - freedAt < 15_000) {
        status = (await write(daemon, 900_000 + (Date.now() - freedAt))).status;
        await sleep(50);
      }
      assert.equal(status, 201);
      assert.ok(readFileSync(join(disk, 'logs', 'magflock.ndjson'), 'utf8').length > 0);
    } finally {
      await daemon?.stop();
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
