import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { Sealer } from '../../actors/audit/sealer.ts';
import { VirtualTimers } from './virtual-timers.ts';

describe('the sealer', () => {
  let timers: VirtualTimers;
  let sealer: Sealer;
  let sealed: string[];
  let failures: string[];
  /** What sealing a project does; default: nothing, at once. */
  let work: (project: string) => Promise<void>;

  beforeEach(() => {
    timers = new VirtualTimers();
    sealed = [];
    failures = [];
    work = async () => {};
    sealer = new Sealer({
      seal: (project) => {
        sealed.push(project);
        return work(project);
      },
      timers,
      sealIntervalMs: 500,
      failed: (project, _error, count) => failures.push(`${project} ${count}`),
      now: () => timers.now,
    });
  });

  it('makes one batch of a burst of wakes, within half the interval', async () => {
    for (let wake = 0; wake < 1000; wake++) sealer.wake('main');
    deepEqual(sealed, []);
    await timers.pass(250);
    deepEqual(sealed, ['main']);
    await timers.pass(10_000);
    deepEqual(sealed, ['main']);
  });

  it('seals again when rows came while it was sealing', async () => {
    let end = (): void => {};
    work = () => new Promise((resolve) => (end = resolve));
    sealer.wake('main');
    await timers.pass(250);
    sealer.wake('main');
    sealer.wake('main');
    await timers.pass(10_000);
    equal(sealed.length, 1, 'never two at a time');
    work = async () => {};
    end();
    await timers.pass(250);
    equal(sealed.length, 2);
  });

  it('tries again ever more seldom while the database is away, and at once when it is back', async () => {
    work = async () => {
      throw new Error('away');
    };
    sealer.wake('main');
    await timers.pass(120_000);
    const tries = sealed.length;
    ok(tries >= 10 && tries <= 18, `${tries} tries in two minutes`);
    deepEqual(sealer.failing, ['main']);
    work = async () => {};
    sealer.retryNow();
    await timers.pass(0);
    equal(sealed.length, tries + 1);
    deepEqual(sealer.failing, []);
    await timers.pass(120_000);
    equal(sealed.length, tries + 1);
  });

  it('lets a project that hangs or fails hold up no other', async () => {
    work = (project) => {
      if (project === 'hangs') return new Promise(() => {});
      return project === 'fails' ? Promise.reject(new Error('away')) : Promise.resolve();
    };
    for (const project of ['hangs', 'fails', 'main']) sealer.wake(project);
    await timers.pass(250);
    sealer.wake('main');
    await timers.pass(250);
    equal(sealed.filter((project) => project === 'main').length, 2);
  });

  it('looks at projects that were active lately without being woken, and forgets the others', async () => {
    sealer.wake('main');
    await timers.pass(250);
    sealer.wakeActive();
    await timers.pass(0);
    equal(sealed.length, 2);
    await timers.pass(600_001);
    sealer.wakeActive();
    await timers.pass(0);
    equal(sealed.length, 2);
  });

  it('seals now for who waits, after a run that had begun before', async () => {
    let end = (): void => {};
    work = () => new Promise((resolve) => (end = resolve));
    sealer.wake('main');
    await timers.pass(250);
    let done = false;
    const waiting = sealer.sealNow('main').then(() => (done = true));
    end();
    await timers.pass(0);
    equal(sealed.length, 2);
    equal(done, false);
    end();
    await waiting;
  });

  it('tells who waits that it failed', async () => {
    work = () => Promise.reject(new Error('away'));
    await rejects(sealer.sealNow('main'), { message: 'away' });
    deepEqual(failures, ['main 1']);
  });

  it('seals what waits when it stops, and nothing after it', async () => {
    sealer.wake('main');
    await sealer.stop(true);
    deepEqual(sealed, ['main']);
    sealer.wake('main');
    await timers.pass(10_000);
    deepEqual(sealed, ['main']);
    equal(timers.pending, 0);
  });
});
