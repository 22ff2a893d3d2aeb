import assert from 'node:assert/strict';
import type { ActorRef, AskOptions } from '../../runtime/actor/actor-ref.ts';
import { type CommandOptions, createCommandRef } from '../../runtime/bus/command-bus.ts';
import type { EventPort } from '../../runtime/bus/event-port.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

interface Target {
  read(key: string): string;
  write(key: string): string;
}

const down = () => new MagFlockError('MF601', 'down');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A target that fails with these errors, one after the other, and then answers. */
function make(failures: readonly Error[], options: CommandOptions<Target> = {}, answerMs = 0) {
  const left = [...failures];
  const asked: { method: string; timeoutMs: number | undefined }[] = [];
  let restarted: (payload: { path: string }) => void = () => {};
  const ref = {
    path: '/target',
    async ask(method: string, key: string, given?: AskOptions) {
      asked.push({ method, timeoutMs: given?.timeoutMs });
      await pause(answerMs);
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return `${method} ${key}`;
    },
    tell() {},
  } as unknown as ActorRef<Target>;
  const events = {
    emit() {},
    on(_name: string, handler: typeof restarted) {
      restarted = handler;
      return () => {};
    },
  } as unknown as EventPort;
  const command = createCommandRef(ref, events, { retryMs: [5, 10], idempotent: ['read'], ...options });
  return { command, asked, restart: (path = '/target') => restarted({ path }) };
}

const code = (expected: string) => (error: MagFlockError) => {
  assert.equal(error.code, expected, error.message);
  return true;
};

describe('command bus: retry', () => {
  it('tries a method declared idempotent again, with growing waits', async () => {
    const { command, asked } = make([down(), down()]);
    const start = performance.now();
    assert.equal(await command.ask('read', 'a'), 'read a');
    assert.equal(asked.length, 3);
    assert.ok(performance.now() - start >= 14);
  });

  it('never tries another method again', async () => {
    const { command, asked } = make([down()]);
    await assert.rejects(command.ask('write', 'a'), code('MF601'));
    assert.equal(asked.length, 1);
  });

  it('gives up after the last wait with the error of the target', async () => {
    const { command, asked } = make([down(), down(), down(), down()]);
    await assert.rejects(command.ask('read', 'a'), code('MF601'));
    assert.equal(asked.length, 3);
  });

  it('does not try again what cannot get better', async () => {
    const { command, asked } = make([new MagFlockError('MF404', 'no such row')]);
    await assert.rejects(command.ask('read', 'a'), code('MF404'));
    assert.equal(asked.length, 1);
  });

  it('stays inside the deadline, which shrinks from try to try', async () => {
    const { command, asked } = make([down(), down(), down()], { retryMs: [20, 20_000] });
    const start = performance.now();
    await assert.rejects(command.ask('read', 'a', { timeoutMs: 200 }), code('MF601'));
    assert.ok(performance.now() - start < 200);
    assert.equal(asked.length, 2);
    assert.ok((asked[1]?.timeoutMs ?? 0) <= 185);
  });
});

describe('command bus: circuit', () => {
  const failing = (count: number) => Array.from({ length: count }, down);

  it('opens after five failures in a row: then nothing is sent and MF613 comes at once', async () => {
    const { command, asked } = make(failing(10));
    for (let failure = 0; failure < 5; failure++)
      await assert.rejects(command.ask('write', 'a'), code('MF601'));
    await assert.rejects(command.ask('write', 'a'), code('MF613'));
    assert.equal(asked.length, 5);
  });

  it('does not open for what the caller did wrong', async () => {
    const { command } = make(Array.from({ length: 20 }, () => new MagFlockError('MF404', 'no row')));
    for (let failure = 0; failure < 20; failure++)
      await assert.rejects(command.ask('write', 'a'), code('MF404'));
    assert.equal(await command.ask('write', 'a'), 'write a');
  });

  it('lets one call try after its time; success closes it, failure opens it again', async () => {
    const { command, asked } = make(failing(6), { halfOpenAfterMs: 30 });
    for (let failure = 0; failure < 5; failure++)
      await assert.rejects(command.ask('write', 'a'), code('MF601'));
    await pause(35);
    await assert.rejects(command.ask('write', 'a'), code('MF601'));
    await assert.rejects(command.ask('write', 'a'), code('MF613'));
    await pause(35);
    assert.equal(await command.ask('write', 'a'), 'write a');
    assert.equal(await command.ask('write', 'b'), 'write b');
    assert.equal(asked.length, 8);
  });

  it('lets one call try as soon as the supervisor has the target ready', async () => {
    const { command, restart } = make(failing(5));
    for (let failure = 0; failure < 5; failure++)
      await assert.rejects(command.ask('write', 'a'), code('MF601'));
    restart('/another');
    await assert.rejects(command.ask('write', 'a'), code('MF613'));
    restart();
    assert.equal(await command.ask('write', 'a'), 'write a');
  });
});

describe('command bus: bulkhead', () => {
  it('lets so many through at once, lets some wait and refuses the rest (MF603)', async () => {
    const { command, asked } = make([], { bulkhead: { inFlight: 2, waiting: 1 } }, 20);
    const asks = [1, 2, 3, 4].map((key) => command.ask('write', String(key)));
    const outcomes = await Promise.allSettled(asks);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
    );
    assert.ok(outcomes[3]?.status === 'rejected' && code('MF603')(outcomes[3].reason));
    assert.equal(asked.length, 3);
  });
});
