import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StoppingPart } from '../../runtime/motherboard/stop-watch.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import { fixture } from './support/machine.ts';
import { observed } from './support/observed.ts';

const stubborn = (how: string, more: Partial<ChildSpec> = {}): ChildSpec => ({
  id: 'stubborn',
  module: fixture('stubborn.actor'),
  args: { how },
  placement: { kind: 'thread' },
  shutdownMs: 1_600,
  ...more,
});

describe('the machine stops although a part does not', function () {
  this.timeout(30_000);
  const settings = { 'watchdog.blockedMs': 100, 'watchdog.killMs': 0 } as const;
  const thread = { kind: 'thread' } as const;
  const inline = { kind: 'inline' } as const;

  for (const [what, how, placement, doing] of [
    ['whose method never returns', 'spins', thread, /^\/stubborn\.spin holds its thread$/],
    ['whose stop never returns', 'spins in stop', thread, /^\/stubborn\.stop holds its thread$/],
    ['whose stop never ends', 'stop hangs', thread, /^is in its stop$/],
    ['whose stop never ends, inline', 'stop hangs', inline, /^is in its stop$/],
    ['that never answers a message', 'waits', thread, /^drains: 1 messages run, 1 wait$/],
  ] as const) {
    it(`one ${what}: it is named with what keeps it, killed, and those it requires stop after it`, async () => {
      const parts = [
        { id: 'base', module: fixture('stubborn.actor'), args: { how: 'well' }, placement: thread },
        stubborn(how, { placement, requires: ['base'] }),
      ];
      const machine = await observed(parts, settings);
      const ref = machine.ref<{ spin(request: null): void; wait(request: null): void }>('stubborn');
      const base = machine.ref<{ wait(request: null): void }>('base');
      if (how === 'spins') ref.tell('spin', null);
      const waiting = how === 'waits' ? [1, 2].map(() => ref.ask('wait', null).catch(() => {})) : [];
      // Everybody has what was sent before the stop begins.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const shown: StoppingPart[] = [];
      const killedParts: StoppingPart[] = [];
      const began = performance.now();
      const { killed } = await machine.motherboard.shutdown({
        reason: 'test',
        onStopping: (slow) => shown.push(...slow),
        onKilled: (part) => killedParts.push(part),
      });
      const took = performance.now() - began;
      assert.deepEqual(killed, ['stubborn']);
      assert.equal(killedParts.length, 1);
      const [stuck] = killedParts;
      assert.equal(stuck?.part, 'stubborn');
      assert.match(stuck?.doing ?? '', doing);
      assert.ok((stuck?.ms ?? 0) >= 1_000, `${stuck?.ms} ms`);
      assert.ok(took >= 1_500 && took < 15_000, `${took} ms`);
      assert.ok(shown.length > 0 && shown.every(({ part, ms }) => part === 'stubborn' && ms >= 1_000));
      await assert.rejects(base.ask('wait', null), { code: 'MF607' });
      await Promise.all(waiting);
    });
  }

  it('nothing is shown of parts that stop as they should', async () => {
    const machine = await observed([stubborn('well')], settings);
    const shown: unknown[] = [];
    const { killed } = await machine.motherboard.shutdown({
      reason: 'test',
      onStopping: (slow) => shown.push(slow),
      onKilled: (part) => shown.push(part),
    });
    assert.deepEqual([killed, shown], [[], []]);
  });

  it('its process ends by itself afterwards', async () => {
    const script = fileURLToPath(new URL('./fixtures/stubborn.process.ts', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual([code, out.trim()], [0, 'killed stubborn']);
  });
});
