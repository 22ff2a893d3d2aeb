import assert from 'node:assert/strict';
import type { Permission } from '../../../runtime/protocol/extension-manifest.ts';
import { extensionsBench } from './extensions-bench.ts';
import { FakeFleet } from './fake-fleet.ts';
import { installedExample } from './installed-example.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const settle = async () => {
  for (let n = 0; n < 10; n += 1) await turn();
};
const events = (...scope: string[]): Permission => ({ capability: 'events.on', scope, reason: 'x' });

describe('sandbox: what wakes an extension', () => {
  let fleet: FakeFleet;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  let told: unknown[];

  beforeEach(async () => {
    fleet = new FakeFleet();
    told = [];
    fleet.guests.set('hello 1.0.0', {
      event: ({ payload }) => void told.push(payload),
      schedule: ({ payload }) => void told.push(payload),
    });
    bench = await extensionsBench(fleet);
  });
  afterEach(() => bench.close());

  it('an event that its manifest names and the operator granted starts it', async () => {
    const manifest = {
      events: ['database.row.written', 'project.removed', 'auth.key.created'],
      permissions: [events('database.row.written', 'auth.key.created')],
    };
    await bench.runtime.start(installedExample({ manifest }));
    await bench.kit.announce('project.removed', { project: 'main' });
    await bench.kit.announce('database.row.written', { project: 'elsewhere' });
    await bench.kit.announce('auth.key.created', { project: 'main', id: 'x', role: 'anon' });
    await settle();
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'idle');
    await bench.kit.announce('database.row.written', { project: 'main' });
    await settle();
    assert.deepEqual(told, [{ name: 'database.row.written', payload: { project: 'main' }, project: 'main' }]);
  });

  it('a grant that is taken back ends its events at once', async () => {
    const manifest = { events: ['database.row.written'], permissions: [events('*')] };
    await bench.runtime.start(installedExample({ manifest }));
    bench.runtime.regrant('acme.hello', []);
    await bench.kit.announce('database.row.written', { project: 'main' });
    await settle();
    assert.deepEqual(told, []);
  });

  it('events wait in a bounded queue, one is told after the other, and what does not fit is dropped', async () => {
    let release: () => void = () => {};
    fleet.guests.set('hello 1.0.0', {
      async event({ payload }) {
        told.push(payload);
        if (told.length === 1)
          await new Promise<void>((resolve) => {
            release = resolve;
          });
      },
    });
    const manifest = { events: ['database.row.written'], permissions: [events('*')] };
    await bench.runtime.start(installedExample({ manifest }));
    for (let n = 0; n < 150; n += 1) await bench.kit.announce('database.row.written', { project: 'main' });
    await settle();
    assert.equal(told.length, 1);
    release();
    while (told.length < 101) await turn();
    await settle();
    assert.equal(told.length, 101);
    assert.ok(
      bench.runtime.logs('acme.hello', 10).some(({ text }) => /is dropped: too many wait/.test(text)),
    );
  });

  it('what it says itself does not come back to it', async () => {
    const manifest = { events: ['extension.message'], permissions: [events('*')] };
    await bench.runtime.start(installedExample({ manifest }));
    const message = { name: 'hello', project: 'main', payload: '{"a":1}' };
    await bench.kit.announce('extension.message', { id: 'acme.hello', ...message });
    await bench.kit.announce('extension.message', { id: 'acme.other', ...message });
    await settle();
    assert.deepEqual(told, [
      {
        name: 'extension.message',
        payload: { id: 'acme.other', ...message, payload: { a: 1 } },
        project: 'main',
      },
    ]);
  });

  const minute = 60_000;
  const due = (cron: string, timezone?: string) => ({
    manifest: { schedules: [{ name: 'tick', cron, ...(timezone === undefined ? {} : { timezone }) }] },
  });

  it('a schedule runs when it is due, once in each project', async () => {
    await bench.runtime.start(installedExample({ ...due('* * * * *'), projects: ['main', 'shop'] }));
    await bench.kit.timers.pass(minute);
    await settle();
    const at = (told[0] as { readonly at: string }).at;
    assert.match(at, /:00\.000Z$/);
    assert.deepEqual(told, [
      { name: 'tick', at, project: 'main' },
      { name: 'tick', at, project: 'shop' },
    ]);
    await bench.kit.timers.pass(3 * minute);
    await settle();
    assert.equal(told.length, 8);
  });

  it('a schedule keeps to its time zone', async () => {
    const now = new Date(bench.platform.now());
    const tokyo = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Asia/Tokyo',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const next = (Number(tokyo.format(now)) + 1) % 24;
    await bench.runtime.start(installedExample(due(`0 ${next} * * *`, 'Asia/Tokyo')));
    await bench.kit.timers.pass(60 * minute);
    await settle();
    assert.equal(told.length, 1);
  });

  it('a run never begins beside the one before it', async () => {
    let release: () => void = () => {};
    fleet.guests.set('hello 1.0.0', {
      async schedule({ payload }) {
        told.push(payload);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    await bench.close();
    bench = await extensionsBench(fleet, { callMs: 10 * minute });
    await bench.runtime.start(installedExample(due('* * * * *')));
    await bench.kit.timers.pass(3 * minute);
    await settle();
    assert.equal(told.length, 1);
    assert.ok(
      bench.runtime.logs('acme.hello', 10).some(({ text }) => /tick is skipped: still running/.test(text)),
    );
    release();
    await settle();
    await bench.kit.timers.pass(minute);
    await settle();
    assert.equal(told.length, 2);
    release();
  });

  it('runs that were missed are skipped, and those of one out of service do not happen', async () => {
    let skew = 0;
    await bench.close();
    const fresh = new FakeFleet();
    fresh.guests.set('hello 1.0.0', { schedule: ({ payload }) => void told.push(payload) });
    const start = Date.now();
    bench = await extensionsBench(fresh, { now: () => start + skew });
    await bench.runtime.start(installedExample(due('* * * * *')));
    skew = 10 * minute;
    await bench.kit.timers.pass(minute);
    await settle();
    assert.deepEqual(told, []);
    assert.ok(bench.runtime.logs('acme.hello', 10).some(({ text }) => /skipped: missed/.test(text)));
    await bench.runtime.stop('acme.hello');
    assert.equal(bench.kit.timers.pending, 0);
  });

  it('a schedule that cannot be read is said in the log, and the others run', async () => {
    const schedules = [
      { name: 'wrong', cron: '61 * * * *' },
      { name: 'tick', cron: '* * * * *' },
    ];
    await bench.runtime.start(installedExample({ manifest: { schedules } }));
    await bench.kit.timers.pass(minute);
    await settle();
    assert.equal(told.length, 1);
    assert.ok(
      bench.runtime.logs('acme.hello', 10).some(({ text }) => /schedule wrong is skipped/.test(text)),
    );
  });
});
