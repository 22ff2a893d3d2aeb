import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { postgresStores } from '../../../actors/storage/journal/postgres-stores.ts';
import type { Stores } from '../../../runtime/persistence/storage-stores.ts';
import { ledger } from '../../runtime/fixtures/ledger.ts';
import { LoneActor } from '../../runtime/support/lone-actor.ts';
import { type OwnCluster, startCluster } from '../../support/test-cluster.ts';

const codeOf = (error: unknown): string => (error as { code: string }).code;

describe('stores when the database fails', function () {
  this.timeout(60_000);
  let folder: string;
  let cluster: OwnCluster;
  let stores: Stores;

  async function open(dataDir: string): Promise<void> {
    cluster = await startCluster(dataDir);
    stores = postgresStores((statement) => cluster.storage.query({ database: 'control', ...statement }));
  }

  /** Leaves 8 MB; the server writes meanwhile, so what is free is looked at again for each piece. */
  function fillUp(disk: string, ballast: string): void {
    const piece = 4 * 1024 * 1024;
    for (;;) {
      const { bavail, bsize } = statfsSync(disk);
      if (bavail * bsize < 3 * piece) return;
      appendFileSync(ballast, Buffer.alloc(piece));
    }
  }

  describe('because it was killed', () => {
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'magflock-stores-'));
      chmodSync(folder, 0o711);
      await open(folder);
    });
    after(async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('a journalled actor ends, says why, and comes back with all that it had acknowledged, once', async () => {
      const definition = ledger({ store: () => stores.journal, snapshotEvery: 100 });
      let actor = await LoneActor.start('ledger', definition);
      const told: number[] = [];
      const codes = new Set<string>();
      let killed = false;
      for (let number = 0; number < 2_000; number += 20) {
        const batch = Array.from({ length: 20 }, (_, index) => number + index);
        const asks = batch.map((each) => actor.ask('add', each).then(() => told.push(each)));
        for (const outcome of await Promise.allSettled(asks)) {
          if (outcome.status === 'rejected') codes.add(codeOf(outcome.reason));
        }
        if (number >= 1_000 && !killed) {
          killed = true;
          process.kill(cluster.storage.facts().pid as number, 'SIGKILL');
        }
        if (actor.cell.phase !== 'ready') actor = await LoneActor.start('ledger', definition);
      }
      deepEqual(
        [...codes].filter((code) => !['MF503', 'MF501', 'MF507'].includes(code)),
        [],
      );
      ok(codes.size > 0, 'the failure was seen');
      const numbers = (await (await LoneActor.start('ledger', definition)).ask('numbers', null)) as number[];
      const there = new Set(numbers);
      equal(there.size, numbers.length);
      deepEqual(
        told.filter((number) => !there.has(number)),
        [],
      );
      ok(told.length > 1_500, `${told.length} acknowledged`);
    });

    it('each store says so at once (MF503), and works again when it is back', async () => {
      process.kill(cluster.storage.facts().pid as number, 'SIGKILL');
      await pause(50);
      const calls = [
        () => stores.journal.open({ journal: 'x' }),
        () => stores.outbox.names(null),
        () => stores.stream.append({ stream: 'x', records: [{ key: 'k', value: Uint8Array.of(1) }] }),
      ];
      const codes = await Promise.all(calls.map((call) => call().then(() => 'done', codeOf)));
      deepEqual(
        codes.filter((code) => !['MF503', 'MF507', 'done'].includes(code)),
        [],
      );
      for (const call of calls) {
        while ((await call().then(() => 'done', codeOf)) !== 'done') await pause(50);
      }
    });
  });

  describe('because its disk is full', () => {
    let mounted = false;
    before(async function () {
      folder = mkdtempSync(join(tmpdir(), 'magflock-full-'));
      chmodSync(folder, 0o711);
      try {
        const options = ['-t', 'tmpfs', '-o', 'size=230m,mode=0711', 'tmpfs', folder];
        execFileSync('mount', options, { stdio: 'pipe' });
        mounted = true;
      } catch {
        this.skip(); // needs root and the right to mount
      }
      mkdirSync(join(folder, 'data'), { mode: 0o711 });
      await open(join(folder, 'data'));
    });
    after(async () => {
      if (mounted) {
        await cluster?.stop();
        execFileSync('umount', [folder]);
      }
      rmSync(folder, { recursive: true, force: true });
    });

    it('what was not kept is refused with a clear error, what was acknowledged is there', async () => {
      const ballast = join(folder, 'ballast');
      const payload = randomBytes(200_000);
      const { epoch } = await stores.journal.open({ journal: 'full' });
      await stores.outbox.subscribe({ subscriber: 'full', event: 'full' });
      fillUp(folder, ballast);
      const told = { journal: 0, stream: 0, events: [] as string[] };
      const codes = new Set<string>();
      for (let round = 0; round < 200 && !codes.has('MF506'); round++) {
        const entry = { seq: told.journal + 1, id: null, method: 'm', payload, reply: null };
        const id = randomUUID();
        const event = { id, name: 'full', payload: payload.toString('hex'), at: new Date().toISOString() };
        for (const [count, call] of [
          [
            () => (told.journal += 1),
            () => stores.journal.append({ journal: 'full', epoch, entries: [entry] }),
          ],
          [
            () => (told.stream += 1),
            () => stores.stream.append({ stream: 'full', records: [{ key: 'k', value: payload }] }),
          ],
          [() => told.events.push(id), () => stores.outbox.put({ events: [event] })],
        ] as const) {
          await call().then(count, (error: unknown) => codes.add(codeOf(error)));
        }
        // The server may have ended over its log; what it says then is that it is away.
        if (codes.has('MF503')) break;
      }
      ok(codes.has('MF506') || codes.has('MF503'), [...codes].join());
      deepEqual(
        [...codes].filter((code) => !['MF503', 'MF506', 'MF507'].includes(code)),
        [],
      );
      rmSync(ballast);
      const until = Date.now() + 30_000;
      while ((await stores.outbox.names(null).then(() => 'back', codeOf)) !== 'back' && Date.now() < until) {
        await pause(100);
      }
      const { lastSeq } = await stores.journal.open({ journal: 'full' });
      ok(lastSeq >= told.journal && told.journal > 0, `${lastSeq} kept, ${told.journal} acknowledged`);
      ok((await stores.stream.facts({ stream: 'full' })).last >= told.stream);
      const kept = new Set(
        (await stores.outbox.take({ subscriber: 'full', limit: 1_000 })).map(({ id }) => id),
      );
      deepEqual(
        told.events.filter((id) => !kept.has(id)),
        [],
      );
      await stores.stream.append({ stream: 'full', records: [{ key: 'k', value: payload }] });
    });
  });
});
