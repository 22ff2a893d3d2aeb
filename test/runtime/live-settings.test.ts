import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import { createLogger } from '../../runtime/telemetry/create-logger.ts';
import type { HeedfulProtocol } from './fixtures/heedful.actor.ts';
import { defaultSettings, fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const heedful = (id: string, placement: ChildSpec['placement']): ChildSpec => ({
  id,
  module: fixture('heedful.actor'),
  placement,
});

describe('settings that change in a running machine', () => {
  let folder: string;
  let logFile: string;
  let machine: Machine;
  const settings = (more: Partial<Settings>): Settings => ({ ...defaultSettings, ...more });
  const ref = (name: string) => machine.ref<HeedfulProtocol>(name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-settings-'));
    logFile = join(folder, 'log.ndjson');
    machine = makeMachine(
      [
        heedful('inline', { kind: 'inline' }),
        heedful('own', { kind: 'thread' }),
        heedful('first', { kind: 'thread', thread: 'shared' }),
        heedful('second', { kind: 'thread', thread: 'shared' }),
      ],
      {},
      { logFile },
    );
    await machine.motherboard.boot();
  });
  afterEach(async () => {
    await machine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const everywhere = ['inline', 'own', 'first', 'second'];

  it('are current in every context at once, and the actors that want to hear of them do', async () => {
    const change = await machine.motherboard.configure(
      settings({ 'log.level': 'debug', 'sentinel.mode': 'simulate' }),
    );
    assert.deepEqual(change, {
      applied: [
        { name: 'sentinel.mode', from: 'block', to: 'simulate' },
        { name: 'log.level', from: 'info', to: 'debug' },
      ],
      restart: [],
    });
    for (const name of everywhere) {
      assert.equal(await ref(name).ask('level', null), 'debug');
      assert.deepEqual(await ref(name).ask('heard', null), ['sentinel.mode,log.level: debug']);
    }
  });

  it('that need a restart are named and not applied', async () => {
    const change = await machine.motherboard.configure(settings({ port: 1, cores: 7 }));
    assert.deepEqual(change, { applied: [], restart: ['port', 'cores'] });
    for (const name of everywhere) assert.deepEqual(await ref(name).ask('heard', null), []);
  });

  it('change nothing when they are the same', async () => {
    assert.deepEqual(await machine.motherboard.configure(settings({})), { applied: [], restart: [] });
  });

  it('reach a thread that starts later, after a crash and by hand', async () => {
    await machine.motherboard.configure(settings({ 'log.level': 'warn' }));
    await assert.rejects(ref('own').ask('die', null), { code: 'MF601' });
    assert.equal(await ref('own').ask('level', null), 'warn');
    await machine.motherboard.restart('own');
    assert.equal(await ref('own').ask('level', null), 'warn');
  });

  it('make the log of every thread say more, and less again', async () => {
    const lines = () => readFileSync(logFile, 'utf8');
    const spoken = async (text: string): Promise<string[]> => {
      for (const name of everywhere) await ref(name).ask('say', text);
      // Written at once, and behind it everything of the thread that was said before.
      for (const name of everywhere) await ref(name).ask('shout', `${text} is over`);
      await until(text, () =>
        everywhere.every((name) => new RegExp(`/${name}".*${text} is over`).test(lines())),
      );
      return everywhere.filter((name) => new RegExp(`"part":"/${name}".*"${text}"`).test(lines()));
    };
    assert.deepEqual(await spoken('first'), []);
    await machine.motherboard.configure(settings({ 'log.level': 'debug' }));
    assert.deepEqual(await spoken('second'), everywhere);
    await machine.motherboard.configure(settings({ 'log.level': 'error' }));
    assert.deepEqual(await spoken('third'), []);
  });

  it('leave loggers that write nowhere silent', async () => {
    const silent = createLogger({ level: 'info', part: '/nowhere', file: null });
    await machine.motherboard.configure(settings({ 'log.level': 'trace' }));
    assert.equal((silent as unknown as { level: string }).level, 'silent');
  });
});
