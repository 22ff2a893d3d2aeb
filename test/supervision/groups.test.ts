import assert from 'node:assert/strict';
import { pino } from 'pino';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Route } from '../../runtime/placement/route.ts';
import type { ChildSpec, GroupSpec, SupervisorSpec, TreeSpec } from '../../runtime/supervision/child-spec.ts';
import { startOrder } from '../../runtime/supervision/start-order.ts';
import { type SupervisionEvent, Supervisor } from '../../runtime/supervision/supervisor.ts';
import { FakePlacement } from '../runtime/support/fake-placement.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const module = new URL('file:///nowhere.ts');

function part(id: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return { id, module, placement: { kind: 'thread' }, ...more };
}

function group(
  id: string,
  children: readonly TreeSpec[],
  supervisor: Partial<SupervisorSpec> = {},
  more: Partial<GroupSpec> = {},
): GroupSpec {
  return { id, supervisor: { strategy: 'one_for_one', ...supervisor, children }, ...more };
}

function make(specs: readonly TreeSpec[]) {
  const placement = new FakePlacement();
  const clock = new VirtualClock();
  const events: SupervisionEvent[] = [];
  /** Every state a route has had. */
  const routes = new Map<string, string[]>();
  const reasons = new Map<string, string | undefined>();
  const supervisor = new Supervisor({
    log: pino({ level: 'silent' }),
    clock,
    backoff: { random: () => 1 },
    placement: () => placement,
    announce({ name, state, reason }: Route) {
      routes.set(name, [...(routes.get(name) ?? []), state]);
      reasons.set(name, reason);
    },
    onEvent: (event) => events.push(event),
  });
  for (const spec of specs) supervisor.add(spec);
  const crash = (id: string) => supervisor.exited({ id, reason: 'crash', detail: `${id} crashed` });
  const calls = () => placement.calls.splice(0).filter((call) => !call.startsWith('open'));
  const state = (id: string) => supervisor.child(id).state;
  return { supervisor, placement, clock, events, routes, reasons, crash, calls, state };
}

describe('groups of parts', () => {
  const tree = () => [
    part('front', { requires: ['inner'] }),
    group('outer', [part('a'), group('inner', [part('b'), part('c', { requires: ['late'] })]), part('d')]),
    part('late', { requires: ['base'] }),
    part('base'),
  ];

  it('start in their order after what any of them requires, and stop in reverse (tree)', async () => {
    const machine = make(tree());
    await machine.supervisor.startAll();
    assert.deepEqual(
      machine.calls(),
      ['base', 'late', 'a', 'b', 'c', 'd', 'front'].map((id) => `start ${id}`),
    );
    await machine.supervisor.stopAll();
    assert.deepEqual(
      machine.calls(),
      ['front', 'd', 'c', 'b', 'a', 'late', 'base'].map((id) => `stop ${id}`),
    );
    assert.ok(machine.supervisor.children().every(({ state }) => state === 'stopped'));
  });

  it('have a place in the tree, their parts keep their id as address', () => {
    const { supervisor } = make(tree());
    assert.deepEqual(
      supervisor.children().map(({ spec, path }) => [spec.id, path]),
      [
        ['front', '/front'],
        ['a', '/outer/a'],
        ['b', '/outer/inner/b'],
        ['c', '/outer/inner/c'],
        ['d', '/outer/d'],
        ['late', '/late'],
        ['base', '/base'],
      ],
    );
  });

  it('name the one that had to be killed, and not its group', async () => {
    const machine = make(tree());
    await machine.supervisor.startAll();
    machine.placement.stuck.add('c');
    assert.deepEqual(await machine.supervisor.stopAll(), ['c']);
  });

  it('keep messages of all that are restarted together, and touch nobody else (one_for_all)', async () => {
    const machine = make([
      part('x'),
      group('g', [part('a'), part('b'), part('c')], { strategy: 'one_for_all' }),
    ]);
    await machine.supervisor.startAll();
    machine.calls();
    machine.crash('b');
    await machine.clock.pass(10);
    assert.deepEqual(machine.calls(), ['stop c', 'stop a', 'start a', 'start b', 'start c']);
    for (const id of ['a', 'b', 'c']) {
      assert.equal(machine.supervisor.child(id).incarnation, 2);
      assert.equal(machine.supervisor.child(id).restarts, 1);
      assert.ok(!machine.routes.get(id)?.includes('unavailable'), `${id} was never refused`);
    }
    assert.equal(machine.supervisor.child('x').incarnation, 1);
  });

  it('that fail too often fail as a whole and are restarted by their parent (one_for_one_escalation)', async () => {
    const machine = make([part('x'), group('g', [part('a'), part('b')], { intensity: { restarts: 1 } })]);
    await machine.supervisor.startAll();
    machine.calls();
    machine.crash('a');
    await machine.clock.pass(10);
    machine.crash('a');
    await machine.clock.pass(9);
    assert.deepEqual(machine.calls(), ['start a', 'stop b']);
    assert.equal(machine.state('b'), 'restarting');
    await machine.clock.pass(1);
    assert.deepEqual(machine.calls(), ['start a', 'start b']);
    assert.equal(machine.state('b'), 'ready');
    assert.equal(machine.supervisor.child('x').incarnation, 1);
    for (const id of ['a', 'b']) assert.ok(!machine.routes.get(id)?.includes('unavailable'));
  });

  it('that their parent cannot keep up either are quarantined, until one of them is restarted', async () => {
    const machine = make([
      part('x'),
      group('g', [part('a'), group('h', [part('b')])], { intensity: { restarts: 0 } }),
    ]);
    await machine.supervisor.startAll();
    for (let escalation = 0; escalation < 6; escalation++) {
      machine.crash('a');
      await machine.clock.pass(1_000);
    }
    assert.equal(machine.state('x'), 'ready');
    for (const id of ['a', 'b']) {
      assert.equal(machine.state(id), 'quarantined');
      assert.equal(machine.routes.get(id)?.at(-1), 'unavailable');
      assert.match(
        machine.reasons.get(id) ?? '',
        /quarantined, more than 5 restarts in 10 s, last: a: more than 0/,
      );
    }
    await machine.supervisor.restart('b');
    for (const id of ['a', 'b']) assert.equal(machine.state(id), 'ready');
  });

  it('escalate step by step to the machine, which never ends (supervisor tree)', async () => {
    const strict = { intensity: { restarts: 0 } };
    const machine = make([group('g', [part('a'), group('h', [part('b'), part('c')], strict)], strict)]);
    await machine.supervisor.startAll();
    machine.calls();
    machine.crash('c');
    await machine.clock.pass(10);
    assert.deepEqual(machine.calls(), ['stop b', 'stop a', 'start a', 'start b', 'start c']);
    const failed = machine.events.flatMap((event) => (event.kind === 'failed' ? [event.id] : []));
    assert.deepEqual(failed, ['c', 'h', 'g']);
  });

  it('may quarantine a child of their own and live on', async () => {
    const policy = { intensity: { restarts: 0 }, onIntensity: 'quarantine' } as const;
    const machine = make([group('g', [part('a'), part('b')], policy)]);
    await machine.supervisor.startAll();
    machine.crash('a');
    await machine.clock.pass(60_000);
    assert.equal(machine.state('a'), 'quarantined');
    assert.equal(machine.state('b'), 'ready');
    assert.equal(await machine.supervisor.restart('a'), 2);
  });

  it('that do not start are rolled back in reverse, and the boot names the part (sup_start_fail)', async () => {
    const machine = make([part('x'), group('g', [part('a'), part('b'), part('c')], {}, { requires: ['x'] })]);
    machine.placement.failures.set('b', 1);
    await assert.rejects(machine.supervisor.startAll(), (error: MagFlockError) => {
      assert.equal(error.code, 'MF615');
      assert.equal(error.message, 'g did not start: b did not start: b cannot');
      assert.equal(error.fix, 'mend b');
      return true;
    });
    assert.deepEqual(machine.calls(), ['start x', 'start a', 'start b', 'stop a', 'stop x']);
    assert.ok(machine.supervisor.children().every(({ state }) => state === 'stopped'));
  });

  it('that are optional are left out as a whole, with what requires one of them', async () => {
    const machine = make([
      group('g', [part('a'), part('b')], {}, { required: false }),
      part('on-top', { required: false, requires: ['a'] }),
      part('x'),
    ]);
    machine.placement.failures.set('b', 1);
    const started: string[] = [];
    await machine.supervisor.startAll(({ spec, state }) => started.push(`${spec.id} ${state}`));
    assert.deepEqual(started.sort(), ['a ready', 'b failed', 'on-top failed', 'x ready']);
    assert.deepEqual(
      ['a', 'b', 'on-top', 'x'].map((id) => machine.state(id)),
      ['failed', 'failed', 'failed', 'ready'],
    );
    assert.equal(machine.supervisor.child('a').required, false);
    assert.equal(machine.routes.get('a')?.at(-1), 'unavailable');
  });

  const endings = [
    ['permanent', 'permanent', 'ready', 'start a, start b'],
    ['transient: shutdown is no crash', 'transient', 'stopped', ''],
  ] as const;
  for (const [what, restart, state, calls] of endings) {
    it(`that shut themselves down with a significant part: ${what} (significant_transient)`, async () => {
      const significant = part('a', { restart: 'transient', significant: true });
      const machine = make([
        group('g', [significant, part('b')], { autoShutdown: 'any_significant' }, { restart }),
      ]);
      await machine.supervisor.startAll();
      machine.calls();
      machine.supervisor.exited({ id: 'a', reason: 'normal', detail: 'done' });
      await machine.clock.pass(10);
      assert.equal(machine.calls().join(', '), `stop b${calls === '' ? '' : `, ${calls}`}`);
      assert.equal(machine.state('b'), state);
      assert.equal(machine.routes.get('b')?.at(-1), state === 'ready' ? 'ready' : 'unavailable');
    });
  }

  it('end with a significant group that has shut itself down (significant_escalation)', async () => {
    const auto = { autoShutdown: 'any_significant' } as const;
    const ending = { restart: 'transient', significant: true } as const;
    const machine = make([
      group('g', [part('x'), group('h', [part('a', ending), part('b')], auto, ending)], auto, {
        restart: 'transient',
      }),
    ]);
    await machine.supervisor.startAll();
    machine.calls();
    machine.supervisor.exited({ id: 'a', reason: 'normal', detail: 'done' });
    await machine.clock.pass(10);
    assert.deepEqual(machine.calls(), ['stop b', 'stop x']);
    assert.ok(machine.supervisor.children().every(({ state }) => state === 'stopped'));
  });

  it('are taken out with all in them, unless somebody requires one (child_adm)', async () => {
    const machine = make([group('g', [part('a'), part('b')]), part('x', { requires: ['b'] })]);
    await machine.supervisor.startAll();
    await assert.rejects(machine.supervisor.remove('g'), /b is required by x/);
    await machine.supervisor.remove('x');
    machine.calls();
    await machine.supervisor.remove('g');
    assert.deepEqual(machine.calls(), ['stop b', 'stop a']);
    assert.deepEqual(machine.supervisor.children(), []);
    machine.supervisor.add(group('g', [part('a')]));
  });

  it('are plugged into a running machine and started at once', async () => {
    const machine = make([part('x')]);
    await machine.supervisor.startAll();
    machine.supervisor.add(group('g', [part('a', { requires: ['x'] }), part('b')]));
    await machine.supervisor.start('g');
    assert.deepEqual(machine.calls(), ['start x', 'start a', 'start b']);
  });
});

describe('faulty groups name their field (sup_start_map_faulty_specs)', () => {
  const temporary = { restart: 'temporary', significant: true } as const;
  const supervised = (supervisor: object) => ({
    supervisor: { strategy: 'one_for_one', children: [], ...supervisor },
  });
  const rows: readonly [what: string, fault: object, message: RegExp][] = [
    ['no strategy', { supervisor: { children: [] } }, /g\.supervisor\.strategy must be one of one_for_one/],
    [
      'an unknown strategy',
      supervised({ strategy: 'simple_one_for_one' }),
      /g\.supervisor\.strategy must be one of/,
    ],
    ['a supervisor that is text', { supervisor: 'one_for_one' }, /g\.supervisor must be an object/],
    ['no children', { supervisor: { strategy: 'one_for_one' } }, /g\.supervisor\.children must be a list/],
    [
      'children that are ids',
      supervised({ children: ['a'] }),
      /g\.supervisor\.children must be a list of child/,
    ],
    ['an unknown field', supervised({ restarts: 1 }), /g\.supervisor\.restarts is not one of its fields/],
    [
      'a negative intensity',
      supervised({ intensity: { restarts: -1 } }),
      /intensity\.restarts must be a whole number/,
    ],
    [
      'half a restart',
      supervised({ intensity: { restarts: 0.5 } }),
      /intensity\.restarts must be a whole number/,
    ],
    [
      'a period of nothing',
      supervised({ intensity: { periodMs: 0 } }),
      /intensity\.periodMs must be milliseconds/,
    ],
    ['an unknown limit', supervised({ intensity: { maxR: 1 } }), /supervisor\.intensity\.maxR is not one of/],
    [
      'a backoff of NaN',
      supervised({ backoff: { baseMs: Number.NaN } }),
      /supervisor\.backoff\.baseMs must be/,
    ],
    [
      'an unknown automatic shutdown',
      supervised({ autoShutdown: 'any' }),
      /autoShutdown must be one of never/,
    ],
    [
      'an unknown reaction',
      supervised({ onIntensity: 'ignore' }),
      /onIntensity must be one of escalate, quarantine/,
    ],
    ['a module of its own', { module }, /g\.module is not a field of a child specification/],
    ['a child that is faulty', supervised({ children: [part('A')] }), /A\.id must be lower-case/],
    ['two children of one id', supervised({ children: [part('a'), part('a')] }), /a\.id is there twice/],
    ['a child of its own id', supervised({ children: [part('g')] }), /g\.id is there twice/],
    [
      'a requirement of its own child',
      { ...supervised({ children: [part('a')] }), requires: ['a'] },
      /g\.requires must not name a, which is in the group/,
    ],
    [
      'a child that requires its group',
      supervised({ children: [part('a', { requires: ['g'] })] }),
      /a\.requires must not name g, the group it is in/,
    ],
    [
      'a significant child that is permanent',
      supervised({ autoShutdown: 'any_significant', children: [part('a', { significant: true })] }),
      /a\.significant must not be true with restart permanent/,
    ],
    [
      'a significant child of a group that never shuts down',
      supervised({ children: [part('a', temporary)] }),
      /a\.significant must not be true in g, whose autoShutdown is never/,
    ],
    [
      'a significant group of the machine',
      { ...temporary },
      /g\.significant must not be true under the machine/,
    ],
  ];
  for (const [what, fault, message] of rows) {
    it(`${what}: MF608`, () => {
      const { supervisor } = make([]);
      assert.throws(
        () => supervisor.add({ ...group('g', [part('b')]), ...fault } as TreeSpec),
        (error: MagFlockError) => {
          assert.equal(error.code, 'MF608');
          assert.match(error.message, message);
          return true;
        },
      );
      assert.deepEqual(supervisor.children(), []);
    });
  }

  it('an id that is anywhere in the machine already: MF608', () => {
    const { supervisor } = make([part('a'), group('g', [part('b')])]);
    for (const taken of [group('h', [part('b')]), group('a', []), part('g')]) {
      assert.throws(() => supervisor.add(taken), /id is registered already/);
    }
  });

  it('circles through groups, and inside of one: MF609 with the path', () => {
    const through = [group('g', [part('a', { requires: ['x'] })]), part('x', { requires: ['g'] })];
    assert.throws(() => startOrder(through), { code: 'MF609', message: /g → x → g/ });
    const inside = [group('g', [part('a', { requires: ['b'] }), part('b', { requires: ['a'] })])];
    assert.throws(() => startOrder(inside), { code: 'MF609', message: /a → b → a/ });
    assert.throws(() => startOrder([group('g', [part('a', { requires: ['ghost'] })])]), { code: 'MF608' });
  });
});
