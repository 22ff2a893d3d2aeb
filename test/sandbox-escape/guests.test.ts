import assert from 'node:assert/strict';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { cacheCapability } from '../../sandbox/broker/capabilities/cache.capability.ts';
import { createExtensionBroker } from '../../sandbox/broker/create-extension-broker.ts';
import { createCageFleet } from '../../sandbox/cage/create-cage-fleet.ts';
import { extensionsBench } from '../sandbox/extension/extensions-bench.ts';
import { installedExample } from '../sandbox/extension/installed-example.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Canaries, canaryText, putCanaries } from './canaries.ts';
import { escapes, exhaustions, type GuestRow, guestPrelude } from './guest-code.ts';
import { Neighbour } from './neighbour.ts';

const manifest: Partial<ExtensionManifest> = {
  permissions: [{ capability: 'cache', scope: ['*'], reason: 'x' }],
};
const neighbourCode = `globalThis.kept = 'mine'; let calls = 0;
  export default { onRequest: () => ({ body: [globalThis.kept, typeof globalThis.pwned, typeof globalThis.__PWN, {}.pwned ?? null, ++calls > 0] }) };`;

/** Hostile guests the whole way: runtime, fleet, cage, isolate, broker, and back. */
describe('a hostile guest', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let canaries: Canaries;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  let neighbour: Neighbour;
  const codes = new Map<string, string>([['next 1.0.0', neighbourCode]]);

  before(async () => {
    canaries = await putCanaries();
    const fleet = createCageFleet({ folder: folder() });
    const kept = cacheCapability();
    bench = await extensionsBench(fleet, {
      now: Date.now,
      readCode: async ({ folder: key }) => codes.get(key) ?? '',
      createBroker: (installed, meter) =>
        createExtensionBroker({
          id: installed.id,
          name: installed.name,
          manifest: installed.manifest,
          grants: installed.grants,
          projects: installed.projects,
          capabilities: [{ name: kept.name, methods: kept.methods }],
          meter,
          denied: () => {},
          threat: () => {},
        }),
    });
    // Of the same level: it may sit in the same cage.
    await bench.runtime.start(installedExample({ id: 'acme.next', name: 'next', trust: 'unsigned' }));
    neighbour = new Neighbour(async () => {
      for (let turn = 1; ; turn += 1) {
        try {
          const answer = JSON.parse(await bench.request('acme.next')) as { body: unknown };
          assert.deepEqual(answer.body, ['mine', 'undefined', 'undefined', null, true]);
          return;
        } catch (error) {
          // With a cage that had to be killed goes what ran in it; the next call is answered.
          if ((error as MagFlockError).code !== 'MF601' || turn === 3) throw error;
        }
      }
    });
    // The first cage of a machine takes its time: the walls are tried first.
    await bench.request('acme.next');
  });
  after(async () => {
    process.stdout.write(`    p99 of the neighbour ${neighbour.p99.toFixed(1)} ms\n`);
    await bench.close();
    await canaries[Symbol.asyncDispose]();
  });

  let round = 0;
  async function start({ code }: GuestRow, limits: ExtensionManifest['limits'] = {}): Promise<string> {
    round += 1;
    const name = `row${round}`;
    codes.set(
      `${name} 1.0.0`,
      `${guestPrelude}
      export default { async onRequest(request, context) { const result = await (async function () { ${code} }).call(this); return result ?? { body: leads }; } };`,
    );
    const id = `evil.${name}`;
    await bench.runtime.start(
      installedExample({ id, name, trust: 'unsigned', manifest: { ...manifest, limits } }),
    );
    return id;
  }
  const call = (id: string, timeoutMs: number): Promise<string> =>
    bench.runtime.call(
      id,
      {
        entry: 'request',
        payload: JSON.stringify({ project: 'main', path: '/' }),
        project: 'main',
        requestId: null,
      },
      { timeoutMs },
    );
  async function unharmed(id: string): Promise<void> {
    await neighbour.answers(3);
    canaries.untouched();
    for (const { text } of bench.runtime.logs(id, 1000)) assert.equal(text.includes(canaryText), false);
    await bench.runtime.stop(id);
  }

  it('would be noticed if it did', async () => {
    const leads = ['try_({ a: { process: {} } })', "try_([{ constructor: { name: 'Reference' } }])"];
    const id = await start({ name: '', code: leads.join('; ') });
    assert.equal(JSON.parse(await call(id, 10_000)).body.length, 2);
  });

  describe('does not get out', () => {
    for (const row of escapes) {
      it(row.name, async () => {
        const id = await start(row, { cpuMsPerCall: 5000 });
        const text = await call(id, 10_000).catch((error: MagFlockError) => `${error.code} ${error.message}`);
        assert.equal(text.includes(canaryText), false);
        assert.equal(text, '{"body":[]}');
        assert.equal(bench.runtime.facts(id)?.state, 'active');
        await unharmed(id);
      });
    }
  });

  describe('ends for what it uses up, or goes on within its bounds', () => {
    for (const row of exhaustions) {
      it(row.name, async () => {
        const id = await start(row);
        const code = await call(id, row.name.includes('never settle') ? 300 : 5000).then(
          () => 'answered',
          (error: MagFlockError) => error.code,
        );
        assert.match(code, row.answer);
        // The answer may be here before the end is.
        const ended = () => bench.runtime.facts(id)?.history.findLast(({ what }) => what === 'ended');
        if (code === 'MF601' || code === 'MF661') {
          for (let turn = 0; turn < 400 && ended() === undefined; turn += 1)
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const end = ended();
        if (row.ends === undefined) assert.equal(end, undefined);
        else if (end !== undefined) assert.match(end.detail, row.ends);
        await unharmed(id);
      });
    }
  });
});
