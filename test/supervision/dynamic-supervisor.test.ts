import assert from 'node:assert/strict';
import type { ChildEnd } from '../../runtime/supervision/child-life.ts';
import {
  DynamicSupervisor,
  type DynamicSupervisorOptions,
} from '../../runtime/supervision/dynamic-supervisor.ts';
import { Family, firstDelayMs } from './support/family.ts';

type Template = Partial<DynamicSupervisorOptions<string>['template']>;

/** Children whose argument is their name. */
function make(template: Template = {}, more: Partial<DynamicSupervisorOptions<string>> = {}) {
  const family = new Family([]);
  const ends: ChildEnd[] = [];
  const supervisor = new DynamicSupervisor<string>({
    template: { make: (name) => family.life(name), ...template },
    clock: family.clock,
    backoff: { random: () => 1 },
    onEnd: (end) => ends.push(end),
    ...more,
  });
  const crash = (id: string) => supervisor.exited(id, { reason: 'crash', detail: `${id} crashed` });
  return { supervisor, family, ends, crash };
}

describe('a dynamic supervisor', () => {
  it('starts, counts, lists and ends children of one kind (child_adm_simple, count_children)', async () => {
    const { supervisor, family } = make();
    assert.deepEqual(supervisor.countChildren(), { specs: 0, active: 0 });
    const one = await supervisor.startChild('x');
    const two = await supervisor.startChild('y');
    await supervisor.startChild('z', 'named');
    assert.deepEqual(supervisor.countChildren(), { specs: 3, active: 3 });
    assert.deepEqual(supervisor.whichChildren(), [
      { id: one, state: 'ready', incarnation: 1 },
      { id: two, state: 'ready', incarnation: 1 },
      { id: 'named', state: 'ready', incarnation: 1 },
    ]);
    await assert.rejects(supervisor.startChild('z', 'named'), { code: 'MF608' });
    assert.equal(await supervisor.terminateChild(one), true);
    assert.equal(await supervisor.terminateChild(one), false);
    assert.deepEqual(supervisor.countChildren(), { specs: 2, active: 2 });
    assert.equal(family.taken(), 'start x, start y, start z, stop x');
  });

  const rows = [
    ['simple_one_for_one', 'permanent', 'normal', true],
    ['simple_one_for_one', 'permanent', 'crash', true],
    ['simple_one_for_one', 'transient', 'normal', false],
    ['simple_one_for_one_shutdown', 'transient', 'shutdown', false],
    ['simple_one_for_one', 'transient', 'crash', true],
    ['do_not_save_child_specs_for_temporary_children', 'temporary', 'normal', false],
    ['do_not_save_start_parameters_for_temporary_children', 'temporary', 'crash', false],
  ] as const;
  for (const [otp, restart, reason, back] of rows) {
    it(`${restart}, ${reason}: the child is ${back ? 'back with its arguments' : 'forgotten'} (${otp})`, async () => {
      const { supervisor, family } = make({ restart });
      const [id, other] = [await supervisor.startChild('x'), await supervisor.startChild('y')];
      supervisor.exited(id, { reason, detail: 'test' });
      assert.deepEqual(supervisor.countChildren(), { specs: back ? 2 : 1, active: 1 });
      await family.clock.pass(firstDelayMs);
      assert.deepEqual(
        supervisor.whichChildren().map((child) => child.id),
        back ? [id, other] : [other],
      );
      assert.equal(family.taken(), `start x, start y${back ? ', start x' : ''}`);
    });
  }

  it('gives no child more than its maximum, and room again when one has ended (MF617)', async () => {
    const { supervisor } = make({ restart: 'temporary' }, { maxChildren: 2 });
    const id = await supervisor.startChild('x');
    await supervisor.startChild('y');
    await assert.rejects(supervisor.startChild('z'), {
      code: 'MF617',
      message: /there are 2 children already/,
    });
    supervisor.exited(id, { reason: 'normal', detail: 'done' });
    await supervisor.startChild('z');
  });

  it('forgets a child that does not start (sup_start_child_returns_error)', async () => {
    const { supervisor, family } = make();
    family.faults.failing.set('x', 1);
    await assert.rejects(supervisor.startChild('x'), { code: 'MF615', message: /did not start: x cannot/ });
    assert.deepEqual(supervisor.countChildren(), { specs: 0, active: 0 });
    await supervisor.startChild('x');
  });

  it('counts one that waits for its restart as a child, not as active (count_restarting_children)', async () => {
    const { supervisor, family, crash } = make();
    const id = await supervisor.startChild('x');
    crash(id);
    assert.deepEqual(supervisor.countChildren(), { specs: 1, active: 0 });
    await family.clock.pass(firstDelayMs);
    assert.deepEqual(supervisor.countChildren(), { specs: 1, active: 1 });
  });

  it('ends with all children when they fail too often (simple_one_for_one_escalation)', async () => {
    const { supervisor, family, ends, crash } = make({}, { intensity: { restarts: 1 } });
    const [id, other] = [await supervisor.startChild('x'), await supervisor.startChild('y')];
    crash(id);
    await family.clock.pass(firstDelayMs);
    family.taken();
    crash(other);
    await family.clock.pass(60_000);
    assert.equal(ends[0]?.reason, 'crash');
    assert.equal(family.taken(), 'stop x');
    assert.deepEqual(supervisor.countChildren(), { specs: 0, active: 0 });
    await assert.rejects(supervisor.startChild('z'), { code: 'MF601' });
  });

  it('may lose a child that waits for its restart, and all of them (hanging_restart_loop_simple)', async () => {
    const { supervisor, family, crash } = make();
    const ids = [await supervisor.startChild('x'), await supervisor.startChild('y')] as const;
    family.faults.failing.set('x', 100);
    family.faults.failing.set('y', 100);
    for (const id of ids) crash(id);
    await family.clock.pass(5);
    await supervisor.terminateChild(ids[0]);
    assert.deepEqual(supervisor.countChildren(), { specs: 1, active: 0 });
    await supervisor.stop();
    assert.equal(family.clock.pending, 0);
    assert.deepEqual(supervisor.countChildren(), { specs: 0, active: 0 });
  });

  it('stops all at the same time, and kills what hangs (sup_stop_brutal_kill_dynamic)', async () => {
    const { supervisor, family } = make({ stopMs: 1_000 });
    for (const name of ['x', 'y', 'z']) await supervisor.startChild(name, name);
    for (const name of ['x', 'z']) family.faults.hangingStops.add(name);
    const stopped = supervisor.stop();
    await family.clock.pass(1_000);
    assert.deepEqual([...(await stopped)].sort(), ['x', 'z']);
  });

  it('shuts down with a significant child, where its template may be one (significant_simple)', async () => {
    const { supervisor, ends, family } = make(
      { restart: 'temporary', significant: true },
      { autoShutdown: 'all_significant' },
    );
    const ids = [await supervisor.startChild('x'), await supervisor.startChild('y')] as const;
    supervisor.exited(ids[0], { reason: 'normal', detail: 'done' });
    await family.clock.pass(0);
    assert.equal(ends.length, 0);
    supervisor.exited(ids[1], { reason: 'normal', detail: 'done' });
    await family.clock.pass(0);
    assert.equal(ends[0]?.reason, 'shutdown');
    assert.throws(() => make({ significant: true }, { autoShutdown: 'any_significant' }), { code: 'MF608' });
    assert.throws(() => make({ significant: true, restart: 'temporary' }), { code: 'MF608' });
  });

  it('stands ten thousand that come and go (simple_one_for_one_scale_many_temporary_children)', async () => {
    const { supervisor, family } = make({ restart: 'temporary' });
    for (let n = 0; n < 10_000; n++) await supervisor.startChild('x');
    for (const { id } of supervisor.whichChildren())
      supervisor.exited(id, { reason: 'normal', detail: 'done' });
    assert.deepEqual(supervisor.countChildren(), { specs: 0, active: 0 });
    assert.equal(family.clock.pending, 0);
  });
});
