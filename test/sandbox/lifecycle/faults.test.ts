import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { lifecycleWorld, whatIsThere } from './lifecycle-world.ts';
import { type Act, perform } from './perform.ts';

// The same code each time: compiled once.
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/magflock-compile', import.meta.url));
const killed = fileURLToPath(new URL('./killed-at-step.ts', import.meta.url));

/** Steps in order; from which on the new state holds after a power cut, and whether a failure takes it back. */
const operations: readonly { act: Act; steps: readonly string[]; newFrom: string | null }[] = [
  {
    act: 'install',
    steps: [
      'store',
      'unpack',
      'databases',
      'login main',
      'migrate main',
      'login shop',
      'migrate shop',
      'run install',
      'commit',
      'start',
    ],
    newFrom: 'start',
  },
  {
    act: 'update',
    steps: [
      'store',
      'unpack',
      'databases',
      'login main',
      'migrate main',
      'login shop',
      'migrate shop',
      'swap',
      'commit',
      'settle',
      'end',
    ],
    newFrom: 'settle',
  },
  {
    act: 'remove',
    steps: ['begin', 'stop', 'run uninstall', 'commit', 'drop login main', 'drop login shop', 'files', 'end'],
    newFrom: 'stop',
  },
  { act: 'stage', steps: ['store', 'commit', 'end'], newFrom: 'end' },
];

describe('life cycle: what fails or is cut off leaves the old or the new', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();

  async function prepare(act: Act): Promise<void> {
    if (act === 'install') return;
    await perform(await lifecycleWorld(folder()), 'install');
  }

  for (const { act, steps, newFrom } of operations) {
    it(`${act} has these steps`, async () => {
      await prepare(act);
      const world = await lifecycleWorld(folder());
      await perform(world, act);
      assert.deepEqual(world.steps, steps);
      await world.lifecycle.stop();
    });

    for (const step of steps) {
      const isNew = newFrom !== null && steps.indexOf(step) >= steps.indexOf(newFrom);

      it(`${act}: SIGKILL at "${step}" and a start later it is the ${isNew ? 'new' : 'old'} one`, async () => {
        await prepare(act);
        if (act === 'install') await lifecycleWorld(folder());
        const old = whatIsThere(folder());
        const child = spawn(process.execPath, [killed, folder(), act, step], {
          stdio: ['ignore', 'inherit', 'inherit'],
          env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
        });
        const [, signal] = await once(child, 'close');
        assert.equal(signal, 'SIGKILL');
        const { lifecycle } = await lifecycleWorld(folder());
        await lifecycle.recover();
        const there = whatIsThere(folder());
        if (isNew) assert.deepEqual(there, await expectedNew(act));
        else assert.deepEqual(there, old);
        // And it works on from there.
        await lifecycle.startAll();
        if (act !== 'remove' && !isNew) await perform(await lifecycleWorld(folder()), act);
        await lifecycle.stop();
      });
    }
  }

  for (const act of ['install', 'update'] as const) {
    const operation = operations.find((one) => one.act === act)!;
    for (const step of operation.steps.filter((one) => one !== 'settle' && one !== 'end')) {
      it(`${act}: a failure at "${step}" takes everything back`, async () => {
        await prepare(act);
        if (act === 'install') await lifecycleWorld(folder());
        const old = whatIsThere(folder());
        const world = await lifecycleWorld(folder(), (_, at) => {
          if (at === step) throw new Error('the disk is full');
        });
        await world.lifecycle.startAll();
        await assert.rejects(perform(world, act), /the disk is full/);
        assert.deepEqual(whatIsThere(folder()), old);
        // The old version serves.
        const [info] = await world.lifecycle.list(null);
        assert.equal(info?.version, act === 'install' ? undefined : '1.0.0');
        if (act === 'update') assert.equal(info?.state, 'idle');
        await world.lifecycle.stop();
      });
    }
  }

  const other = temporaryFolder();
  async function expectedNew(act: Act): Promise<unknown> {
    const world = await lifecycleWorld(other());
    if (act !== 'install') await perform(world, 'install');
    await perform(world, act);
    await world.lifecycle.stop();
    return whatIsThere(other());
  }
});
