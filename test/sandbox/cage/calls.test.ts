import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeFleet, fakeFleet } from './fake-fleet.ts';

describe('calls of a guest in a cage', function () {
  this.timeout(60_000);
  let folder: string;
  let fakes: FakeFleet;

  // One cage for all of them: none of these hurts it.
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-test-'));
    fakes = fakeFleet(folder, { spare: false });
  });
  after(async () => {
    const ended = fakes.ends.filter(({ reason }) => reason !== 'drained');
    await fakes.fleet.stop();
    assert.deepEqual(ended, []);
    rmSync(folder, { recursive: true, force: true });
  });

  it('come back with the value and the processor time', async () => {
    const { tenant } = await fakes.open('a');
    assert.deepEqual(tenant.guest, { handlers: ['onRequest'] });
    const result = await tenant.call('request', JSON.stringify({ do: 'echo', value: { größe: [1, null] } }), {
      deadline: Date.now() + 10_000,
      cpuMs: 10,
    });
    assert.deepEqual(result, { payload: '{"größe":[1,null]}', cpuMicros: 7 });
  });

  it('each get their own answer, a thousand at the same time', async () => {
    const one = await fakes.open('a');
    const two = await fakes.open('b');
    const values = Array.from({ length: 1000 }, (_, index) => index);
    const answers = await Promise.all(
      values.map((value) => (value % 2 ? one : two).tell({ do: 'echo', value })),
    );
    assert.deepEqual(answers, values);
  });

  it('end at their deadline, and a late one is refused before it starts', async () => {
    const guest = await fakes.open('a');
    const until = Date.now() + 100;
    await assert.rejects(guest.tell({ do: 'never' }, { ms: 100 }), { code: 'MF602' });
    assert.ok(Date.now() >= until);
    for (const ms of [0, -5, Number.NaN]) {
      await assert.rejects(guest.tell({ do: 'echo' }, { ms }), { code: 'MF602' });
    }
    assert.equal(await guest.tell({ do: 'echo', value: 'still here' }), 'still here');
  });

  it('end when the caller gives up', async () => {
    const { tenant } = await fakes.open('a');
    const controller = new AbortController();
    const options = { deadline: Date.now() + 60_000, cpuMs: 10, signal: controller.signal };
    const call = tenant.call('request', '{"do":"never"}', options);
    controller.abort();
    await assert.rejects(call, { code: 'MF606' });
    await assert.rejects(tenant.call('request', '{"do":"echo"}', options), { code: 'MF606' });
  });

  it('leave a sign of life behind, however short they are', async () => {
    const guest = await fakes.open('a');
    assert.equal(guest.tenant.vitals().heapBytes, 0);
    for (let tries = 0; tries < 500 && guest.tenant.vitals().heapBytes === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(guest.tenant.vitals().heapBytes, 1);
  });

  it('that are too long for a frame are refused, and nothing else is hurt', async () => {
    const guest = await fakes.open('a');
    await assert.rejects(guest.tell({ do: 'echo', value: 'x'.repeat(9 * 1024 * 1024) }), { code: 'MF664' });
    assert.equal(await guest.tell({ do: 'echo', value: 1 }), 1);
  });

  const errors: [string, Record<string, unknown>, string][] = [
    ['the code of a failed guest', { code: 'MF662', message: 'boom' }, 'MF662'],
    ['the code of a limit', { code: 'MF664', message: 'boom' }, 'MF664'],
    ['a code that blames the user', { code: 'MF402', message: 'boom' }, 'MF402'],
    ['MF662 for a code that accuses another part', { code: 'MF700', message: 'boom' }, 'MF662'],
    ['MF662 for a code that nobody knows', { code: '__proto__', message: 'boom' }, 'MF662'],
  ];
  it('that fail carry the right code', async () => {
    const guest = await fakes.open('a');
    for (const [what, value, code] of errors) {
      await assert.rejects(guest.tell({ do: 'fail', value }), { code, message: 'boom' }, what);
    }
  });

  it('name themselves in their system calls, and only themselves', async () => {
    const one = await fakes.open('a', {}, async ({ tag }) => ({ tag }));
    const two = await fakes.open('b', {}, async ({ tag }) => ({ tag }));
    const answer = await one.tell({ do: 'syscall', value: 'key' }, { tag: { project: 'main' } });
    assert.equal(answer, '\u0001{"tag":{"project":"main"}}');
    assert.deepEqual([one.syscalls[0]?.capability, one.syscalls[0]?.args], ['cache', ['key']]);
    const waiting = assert.rejects(one.tell({ do: 'never' }, { tag: 'secret', ms: 300 }), { code: 'MF602' });
    const borrowed = String(await two.tell({ do: 'borrow' }));
    assert.match(borrowed, /MF601/);
    assert.equal(two.syscalls.length, 0);
    await waiting;
  });

  it('cancel their system calls when they end', async () => {
    const aborted = Promise.withResolvers<void>();
    const guest = await fakes.open('a', {}, ({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve());
      return new Promise(() => undefined);
    });
    await assert.rejects(guest.tell({ do: 'syscall' }, { ms: 100 }), { code: 'MF602' });
    await aborted.promise;
  });

  it('have no more system calls at the same time than the guest may', async () => {
    const guest = await fakes.open('a', { concurrentSyscalls: 2 }, () => new Promise(() => undefined));
    const waiting = [1, 2].map(() => assert.rejects(guest.tell({ do: 'syscall' }), { code: 'MF601' }));
    assert.match(String(await guest.tell({ do: 'syscall' })), /MF664.*concurrentSyscalls/);
    assert.equal(guest.syscalls.length, 2);
    await guest.tenant.close();
    await Promise.all(waiting);
  });

  it('get no causes and no facts of the host with an error', async () => {
    const guest = await fakes.open('a', {}, async () => {
      throw new Error('/etc/secret-path is not there');
    });
    const answer = String(await guest.tell({ do: 'syscall' }));
    assert.match(answer, /MF699/);
    assert.doesNotMatch(answer, /secret-path/);
  });

  it('may log, with bounded length and rate', async () => {
    const guest = await fakes.open('a', { logLinesPerSecond: 1 });
    await guest.tell({ do: 'log', text: 'y'.repeat(20_000) });
    assert.equal(guest.logs[0], `warn ${'y'.repeat(8192)}`);
    for (let turn = 0; turn < 50; turn++) await guest.tell({ do: 'log', text: 'again' });
    // Twice the rate and two more, of at most two seconds that the loop touches, or three on a slow machine.
    assert.ok(guest.logs.length <= 12, String(guest.logs.length));
  });

  it('fail once the guest is closed, and its close is no end to be told', async () => {
    const guest = await fakes.open('a');
    const waiting = assert.rejects(guest.tell({ do: 'never' }), { code: 'MF601' });
    await Promise.all([guest.tenant.close(), guest.tenant.close()]);
    await waiting;
    await assert.rejects(guest.tell({ do: 'echo' }), { code: 'MF601' });
    assert.deepEqual(guest.ends, []);
  });

  it('do not come to a guest that does not load', async () => {
    await assert.rejects(fakes.open('refused', { code: 'refuse' }), {
      code: 'MF660',
      message: 'it does not load',
    });
    const tenants = fakes.fleet.reports().flatMap((report) => report.tenants);
    assert.ok(!tenants.includes('refused'));
  });
});
