import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { Registry } from 'prom-client';
import { actor } from '../../actors/cpu/cpu.actor.ts';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { CallContext } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { fakeKeys, fakeReplicas } from '../support/fake-replicas.ts';
import { defaultSettings } from './serve.ts';

const call = {} as CallContext;
const onLinux = process.platform === 'linux';

/** A CPU actor in a context of fakes. */
function cpu(path: string, told: unknown[] = []) {
  const fakes = fakeReplicas();
  const replicas: Record<string, unknown> = { ...fakes, maggate: fakes.gateway };
  const context = {
    path,
    incarnation: 1,
    settings: { ...defaultSettings(), 'shutdown.drainMs': 500 },
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    replica: (name: string) => replicas[name],
    part: () => ({
      path: '/audit',
      tell: (method: string, payload: unknown) => told.push([method, payload]),
    }),
  } as unknown as ActorContext;
  return { fakes, init: () => actor.init(context, { mounts: ['maggate'] }) };
}

describe('the CPU actor', () => {
  it('listens, serves the mounted gateway, tells the sealer, drains and stops', async () => {
    const told: unknown[] = [];
    const state = await cpu('/cpu-0', told).init();
    assert.equal((await actor.healthCheck?.(state))?.status, 'degraded');
    const address = await actor.methods.listen(state, { host: '127.0.0.1', port: 0 }, call);
    assert.equal(address.host, '127.0.0.1');
    assert.equal((await actor.healthCheck?.(state))?.status, 'ok');
    assert.deepEqual(actor.getCapabilities?.(state), [`HTTP on port ${address.port}`, '/api']);

    const answer = await fetch(`http://127.0.0.1:${address.port}/api/track`, {
      method: 'POST',
      headers: { 'X-API-Key': fakeKeys.secret, 'Content-Type': 'application/json' },
      body: '{}',
    });
    assert.equal(answer.status, 201);
    await answer.text();
    await pause(30);
    assert.deepEqual(told, [['wake', { project: 'main' }]]);

    assert.deepEqual(await actor.methods.drain(state, { timeoutMs: 500 }, call), { finished: 0, forced: 0 });
    await actor.stop?.(state);
    await assert.rejects(fetch(`http://127.0.0.1:${address.port}/livez`));
  });

  it('shares its port with the other CPU threads', async function () {
    if (!onLinux) this.skip();
    const states = await Promise.all(['/cpu-0', '/cpu-1', '/cpu-2'].map((path) => cpu(path).init()));
    const [first, ...others] = states as [(typeof states)[0], ...typeof states];
    const { port } = await actor.methods.listen(first, { host: '127.0.0.1', port: 0 }, call);
    for (const state of others) {
      assert.equal((await actor.methods.listen(state, { host: '127.0.0.1', port }, call)).port, port);
    }
    const answers = Array.from({ length: 30 }, () =>
      fetch(`http://127.0.0.1:${port}/livez`, { headers: { Connection: 'close' } }),
    );
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200);
    for (const state of states) await actor.stop?.(state);
  });

  it('names a port that is taken', async () => {
    const { createServer } = await import('node:net');
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const state = await cpu('/cpu-0').init();
    await assert.rejects(
      async () => actor.methods.listen(state, { host: '127.0.0.1', port }, call),
      (error) =>
        error instanceof MagFlockError && error.code === 'MF702' && error.message.includes(String(port)),
    );
    await actor.stop?.(state);
    await new Promise((resolve) => other.close(resolve));
  });

  it('stops although it never listened', async () => {
    const state = await cpu('/cpu-0').init();
    await actor.stop?.(state);
    assert.deepEqual(await actor.methods.drain(state, { timeoutMs: 10 }, call), { finished: 0, forced: 0 });
  });
});
