import assert from 'node:assert/strict';
import type { PostLine } from '../../runtime/bios/post-line.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { SlowArgs, SlowProtocol } from './fixtures/slow.actor.ts';
import { bootMachine, echo, fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const slow = (id: string, args: SlowArgs, more: Partial<ChildSpec> = {}): ChildSpec => ({
  id,
  module: fixture('slow.actor'),
  args,
  placement: { kind: 'thread' },
  ...more,
});

describe('motherboard: boot', () => {
  let machine: Machine;
  afterEach(() => machine.close());

  it('gives a POST line for each part, optional failures included, and goes on without them', async () => {
    machine = makeMachine([
      echo('good'),
      echo('bad', { required: false, args: { failInit: 'no disk' } }),
      echo('inside', { placement: { kind: 'inline' }, requires: ['good'] }),
    ]);
    const lines: PostLine[] = [];
    await machine.motherboard.boot({ onPart: (line) => lines.push(line) });
    const facts = Object.fromEntries(
      lines.map(({ part, outcome, facts: text }) => [part, `${outcome} ${text}`]),
    );
    assert.deepEqual(facts, { good: 'ok echoes', inside: 'ok echoes', bad: 'warn no disk' });
    await assert.rejects(machine.ref('bad').ask('echo', 1), (error: MagFlockError) => {
      assert.equal(error.code, 'MF607');
      assert.equal(error.message, 'bad is not available: no disk');
      return true;
    });
  });

  it('a required part that fails is MF700 with its name, reason and fix, and nothing keeps running', async () => {
    machine = makeMachine([echo('good'), echo('bad', { args: { failInit: 'no disk' }, requires: ['good'] })]);
    await assert.rejects(machine.motherboard.boot(), (error: MagFlockError) => {
      assert.equal(error.code, 'MF700');
      assert.equal(error.message, 'bad did not start: no disk');
      assert.equal(error.fix, 'do not ask for it');
      return true;
    });
    const states = (await machine.motherboard.status()).map(({ state }) => state);
    assert.deepEqual(states, ['stopped', 'stopped']);
  });

  it('a part that does not start within its budget is ended and named', async () => {
    machine = makeMachine([slow('lazy', { initMs: 60_000 }, { startMs: 300 })]);
    await assert.rejects(
      machine.motherboard.boot(),
      /lazy did not start: thread lazy did not start within 300 ms/,
    );
  });

  it('a module that does not exist, or exports no actor, is named', async () => {
    machine = makeMachine([{ ...echo('lost'), module: new URL('file:///nowhere/lost.actor.ts') }]);
    await assert.rejects(machine.motherboard.boot(), /lost did not start: .*nowhere\/lost\.actor\.ts/);
    await machine.close();
    machine = makeMachine([{ ...echo('empty'), module: new URL('./support/until.ts', import.meta.url) }]);
    await assert.rejects(machine.motherboard.boot(), /until\.ts does not export actor/);
  });

  it('names the cycle before anything starts (MF609)', async () => {
    machine = makeMachine([echo('a', { requires: ['b'] }), echo('b', { requires: ['a'] })]);
    await assert.rejects(machine.motherboard.boot(), (error: MagFlockError) => error.code === 'MF609');
  });
});

describe('motherboard: shutdown', () => {
  const rows: readonly [string, SlowArgs, readonly string[]][] = [
    ['stops within its budget', { stopMs: 20 }, []],
    ['takes longer than its budget', { stopMs: 60_000 }, ['part']],
    ['spins for ever', { spinAtStop: true }, ['part']],
    ['fails to stop', { failAtStop: true }, ['part']],
  ];
  for (const [what, args, killed] of rows) {
    it(`a part that ${what}: killed is [${killed}]`, async () => {
      const machine = await bootMachine([slow('part', args, { shutdownMs: 200 })]);
      const start = Date.now();
      const result = await machine.motherboard.shutdown({ reason: 'test' });
      assert.deepEqual(result.killed, killed);
      assert.ok(Date.now() - start < 3_000);
    });
  }

  it('an inline part that does not stop cannot hold the machine', async () => {
    const machine = await bootMachine([
      slow('part', { stopMs: 500 }, { placement: { kind: 'inline' }, shutdownMs: 50 }),
    ]);
    assert.deepEqual((await machine.motherboard.shutdown({ reason: 'test' })).killed, ['part']);
  });

  it('finishes what waits in the mailboxes', async () => {
    const machine = await bootMachine([slow('part', {})]);
    const part = machine.ref<SlowProtocol>('part');
    let finished = 0;
    const asks = [1, 2, 3].map(() => part.ask('work', { ms: 20 }).then(() => (finished += 1)));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await machine.motherboard.shutdown({ reason: 'test' });
    await Promise.all(asks);
    assert.equal(finished, 3);
  });

  it('does what parts that stop earlier have told those that stop later', async () => {
    const machine = await bootMachine([echo('later'), echo('earlier', { requires: ['later'] })]);
    const later = machine.ref('later');
    void later.ask('wait', { ms: 3_000 });
    const last = later.ask('countSeen', 'told');
    await machine.ref('earlier').ask('tellMany', { part: 'later', value: 'told', count: 500 });
    // They come from another thread: only when they wait there, what is asked here stands behind them.
    const waiting = async () =>
      (await machine.motherboard.status()).find(({ name }) => name === 'later')?.mailbox ?? 0;
    await until('the tells wait', async () => (await waiting()) >= 501);
    const counted = later.ask('countSeen', 'told');
    await machine.motherboard.shutdown({ reason: 'test' });
    assert.equal(await last, 0);
    assert.equal(await counted, 500);
  });

  it('during a boot ends a start that hangs', async () => {
    const machine = makeMachine([echo('good'), slow('lazy', { initMs: 60_000 }, { requires: ['good'] })]);
    const boot = machine.motherboard.boot().catch((error: MagFlockError) => error.code);
    await until('lazy starts', async () => (await machine.motherboard.status())[1]?.state === 'starting');
    await machine.close();
    await boot;
    assert.ok((await machine.motherboard.status()).every(({ state }) => state === 'stopped'));
  });
});

describe('motherboard: a running machine', () => {
  let machine: Machine;
  before(async () => {
    machine = await bootMachine([
      echo('one'),
      echo('asker'),
      echo('shared-a', { placement: { kind: 'thread', thread: 'shared' } }),
      echo('shared-b', { placement: { kind: 'thread', thread: 'shared' } }),
      slow('half', { health: 'degraded' }),
      slow('hangs', { health: 'hangs' }, { required: false }),
      slow('throws', { health: 'throws' }, { required: false }),
    ]);
  });
  after(() => machine.close());

  it('answers its own protocol to any part', async () => {
    const asker = machine.ref('asker');
    const ask = (method: string, payload: unknown) =>
      asker.ask('askOther', { part: 'motherboard', method, payload });
    const status = (await ask('status', null)) as { pid: number; version: string; parts: { name: string }[] };
    assert.equal(status.pid, process.pid);
    assert.equal(status.version, '0.0.0-test');
    assert.ok(status.parts.some(({ name }) => name === 'shared-a'));
    assert.deepEqual(await ask('post', null), []);
    assert.deepEqual(await ask('shutdown', { reason: 'not wired' }), { stopping: false });
    await assert.rejects(
      ask('restart', { part: 'nobody' }),
      /no part is called nobody; there are one, asker/,
    );
  });

  it('health: as bad as the worst required part, the silent ones named within their time', async () => {
    const { overall, parts } = await machine.motherboard.healthCheck();
    assert.equal(parts['one']?.status, 'ok');
    assert.deepEqual(parts['half'], {
      status: 'degraded',
      summary: 'half of it works',
      fix: 'mend the other',
    });
    assert.match(parts['hangs']?.summary ?? '', /does not answer: thread hangs did not healthCheck within/);
    assert.match(parts['throws']?.summary ?? '', /cannot look/);
    assert.equal(overall.status, 'degraded');
  });

  it('actors that name the same thread share it, and die together', async () => {
    const [a, b] = [machine.ref('shared-a'), machine.ref('shared-b')];
    assert.equal(await a.ask('thread', null), await b.ask('thread', null));
    await a.ask('die', { how: 'throw' }).catch(() => {});
    assert.equal(await a.ask('incarnation', null), 2);
    assert.equal(await b.ask('incarnation', null), 2);
    assert.equal(await a.ask('thread', null), await b.ask('thread', null));
  });

  it('a restart of one actor of a shared thread leaves the other alone', async () => {
    const [a, b] = [machine.ref('shared-a'), machine.ref('shared-b')];
    const before = await b.ask('incarnation', null);
    const thread = await b.ask('thread', null);
    const next = await machine.motherboard.restart('shared-a');
    assert.equal(await a.ask('incarnation', null), next);
    assert.equal(await b.ask('incarnation', null), before);
    assert.equal(await a.ask('thread', null), thread);
  });

  it('a restart keeps messages that are sent meanwhile', async () => {
    const one = machine.ref('one');
    const restart = machine.motherboard.restart('one');
    const asks = Array.from({ length: 100 }, (_, number) => one.ask('echo', number));
    const incarnation = await restart;
    assert.deepEqual(
      await Promise.all(asks),
      Array.from({ length: 100 }, (_, number) => number),
    );
    assert.equal(await one.ask('incarnation', null), incarnation);
  });

  it('takes a part in while it runs, and out again', async () => {
    await machine.motherboard.register(echo('late', { requires: ['one'] }));
    const late = machine.ref('late');
    assert.equal(await late.ask('echo', 'here'), 'here');
    await assert.rejects(machine.motherboard.unregister('one'), /one is required by late/);
    await machine.motherboard.unregister('late');
    await assert.rejects(late.ask('echo', 1), (error: MagFlockError) => error.code === 'MF607');
    assert.throws(
      () => machine.ref('late'),
      (error: MagFlockError) => error.code === 'MF604',
    );
    await machine.motherboard.register(echo('late'));
    assert.equal(await late.ask('echo', 'again'), 'again');
    await machine.motherboard.unregister('late');
  });

  it('merges the metrics of all threads', async () => {
    await machine.ref('one').ask('echo', 1);
    const { text, contentType } = await machine.motherboard.metrics();
    assert.match(contentType, /^text\/plain/);
    assert.match(text, /magflock_part_ready\{part="one"\} 1/);
    assert.match(text, /magflock_actor_messages_total\{part="one",outcome="ok"\} [1-9]/);
    assert.match(text, /magflock_thread_event_loop_utilization_ratio\{thread="asker"\}/);
  });

  it('a value that cannot cross to another thread fails alone (MF614)', async () => {
    const one = machine.ref('one');
    const unfit = (error: MagFlockError) => error.code === 'MF614';
    const [before, failed, answer, after] = await Promise.allSettled([
      one.ask('echo', 'before'),
      one.ask('echo', () => {}),
      one.ask('uncloneable', null),
      one.ask('echo', 'after'),
    ]);
    assert.equal(before.status === 'fulfilled' && before.value, 'before');
    assert.ok(failed.status === 'rejected' && unfit(failed.reason));
    assert.ok(answer.status === 'rejected' && unfit(answer.reason));
    assert.equal(after.status === 'fulfilled' && after.value, 'after');
  });
});

describe('motherboard: quarantine', () => {
  it('a part that fails again and again stays down, its callers get MF607, restart releases it', async () => {
    // A period that a slow test machine does not outlast.
    const intensity = { restarts: 2, periodMs: 120_000 };
    const machine = makeMachine([echo('one'), echo('two')], { intensity });
    await machine.motherboard.boot();
    const one = machine.ref('one');
    const quarantined: string[] = [];
    machine.motherboard.events.on('component.quarantined', ({ path }) => void quarantined.push(path));
    const outcome = () => one.ask('die', { how: 'throw' }).catch((error: MagFlockError) => error.code);
    const outcomes = [await outcome(), await outcome(), await outcome(), await outcome()];
    assert.deepEqual(outcomes, ['MF601', 'MF601', 'MF601', 'MF607']);
    await until('announced', () => quarantined.length > 0);
    assert.deepEqual(quarantined, ['/one']);
    const { parts, overall } = await machine.motherboard.healthCheck();
    assert.equal(overall.status, 'failed');
    assert.match(parts['one']?.summary ?? '', /^quarantined: /);
    assert.equal(await machine.ref('two').ask('echo', 'the rest goes on'), 'the rest goes on');
    await machine.motherboard.restart('one');
    assert.equal(await one.ask('echo', 'back'), 'back');
    await machine.close();
  });
});
