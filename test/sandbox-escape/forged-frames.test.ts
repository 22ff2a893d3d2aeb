import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { cacheCapability } from '../../sandbox/broker/capabilities/cache.capability.ts';
import { createExtensionBroker } from '../../sandbox/broker/create-extension-broker.ts';
import type { CageEnd } from '../../sandbox/cage/cage.ts';
import { createCageFleet } from '../../sandbox/cage/create-cage-fleet.ts';
import { frameKind } from '../../sandbox/protocol/frame-kind.ts';
import { extensionsBench } from '../sandbox/extension/extensions-bench.ts';
import { installedExample } from '../sandbox/extension/installed-example.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Canaries, putCanaries } from './canaries.ts';
import { Neighbour } from './neighbour.ts';

type Manifest = Partial<ExtensionManifest>;
const cache: Manifest = { permissions: [{ capability: 'cache', scope: ['*'], reason: 'x' }] };

/** A cage that was taken over, with the line to a real runtime and real brokers in its hands. */
describe('frames of a cage that was taken over', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let canaries: Canaries;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  let neighbour: Neighbour;
  const ends: CageEnd[] = [];
  let round = 0;
  let rogue = '';
  let mate = '';

  before(async () => {
    canaries = await putCanaries();
    const fleet = createCageFleet({
      folder: folder(),
      spare: true,
      onEnded: (end) => ends.push(end),
      code: {
        base: fileURLToPath(new URL('../../', import.meta.url)),
        folders: ['sandbox/protocol', 'test/sandbox-escape/inside'],
        entry: 'test/sandbox-escape/inside/rogue.process.ts',
      },
    });
    const kept = cacheCapability();
    bench = await extensionsBench(fleet, {
      now: Date.now,
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
    await bench.runtime.start(
      installedExample({ id: 'core.next', name: 'next', trust: 'core', manifest: cache }),
    );
    neighbour = new Neighbour(async () =>
      assert.deepEqual(await tell('echo', { a: 1 }, 'core.next'), { a: 1 }),
    );
  });
  after(async () => {
    process.stdout.write(`    p99 of the neighbour ${neighbour.p99.toFixed(1)} ms\n`);
    await bench.close();
    await canaries[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    round += 1;
    rogue = `evil.rogue${round}`;
    mate = `evil.mate${round}`;
    await bench.runtime.start(installedExample({ id: rogue, name: `rogue${round}`, manifest: cache }));
    const projects = ['main', 'shop'];
    await bench.runtime.start(
      installedExample({ id: mate, name: `mate${round}`, manifest: cache, projects }),
    );
    await Promise.all([tell('echo', {}), tell('echo', {}, mate)]);
    const slots = await tell('calls');
    const own = slots.at(-1).slot;
    slot = { own, mate: slots.findLast((one: { slot: number }) => one.slot !== own).slot };
  });
  afterEach(async () => {
    await neighbour.answers();
    canaries.untouched();
    for (const id of [rogue, mate]) await bench.runtime.stop(id);
  });

  let slot = { own: 0, mate: 0 };
  // biome-ignore lint/suspicious/noExplicitAny: whatever the rogue says
  async function tell(name: string, more: unknown = null, id = rogue, project = 'main'): Promise<any> {
    const payload = JSON.stringify({ do: name, facts: canaries.facts, more, routed: true });
    const asked = { entry: 'request', payload, project, requestId: null } as const;
    return JSON.parse(await bench.runtime.call(id, asked, { timeoutMs: 5000 })).body;
  }
  const ask = (more: object): Promise<string> => tell('ask', more);
  const codeOf = (asking: Promise<unknown>): Promise<string> =>
    asking.then(
      () => 'answered',
      (error: MagFlockError) => error.code,
    );
  const state = (id: string) => bench.runtime.facts(id)?.state;
  async function until(wanted: () => boolean): Promise<void> {
    for (let turn = 0; turn < 500 && !wanted(); turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(wanted());
  }

  describe('ask for what is not theirs', () => {
    const rows: [what: string, more: object, answer: RegExp][] = [
      ['nothing odd', {}, /^1null$/],
      ['another project', { method: 'get@shop' }, /^0.*"MF610".*none of its own/],
      ['two projects', { method: 'get@main@shop' }, /^0.*"MF610"/],
      ['a project without a name', { method: 'get@' }, /^0.*"MF610"/],
      ['a project of the prototype', { method: 'get@__proto__' }, /^0.*"MF610"/],
      ['a method of the prototype', { method: 'constructor' }, /^0.*"MF605"/],
      ['a method that forges the log', { method: 'x\n\u001b[2J' }, /^0.*"MF605".*x\?\?/],
      ['too many arguments', { args: `[${new Array(64).fill(1)}]` }, /^0.*"MF422"/],
      ['a key of the prototype', { args: '["__proto__"]' }, /^1null$/],
      [
        'own prototypes as arguments',
        { method: 'set', args: '["p",{"__proto__":{"x":1},"toString":1,"then":1}]' },
        /^1/,
      ],
      ['a life of NaN seconds', { method: 'set', args: '["p",1,{"ttlSeconds":1e999}]' }, /^0.*"MF422"/],
      ['a life of a negative time', { method: 'set', args: '["p",1,{"ttlSeconds":-1}]' }, /^0.*"MF422"/],
      ['lone surrogates', { method: 'set', args: '["\\ud800","\\udfff"]' }, /^1/],
      ['a call that is over', { call: 'ab'.repeat(12) }, /^0.*"MF601"/],
      ['arguments far too deep', { deep: true }, /^0.*"MF422"/],
      ['arguments far too long', { long: true }, /^1\{"kept":false\}|^0.*"MF/],
    ];
    for (const [what, more, answer] of rows) {
      it(what, async () => {
        const said =
          'deep' in more
            ? await tell('deepArguments')
            : 'long' in more
              ? await tell('longArguments')
              : await ask(more);
        assert.match(said, answer);
        assert.equal(state(rogue), 'active');
      });
    }

    it('the call of another tenant, in their own name', async () => {
      const waiting = codeOf(tell('never', {}, mate));
      const [last] = (await tell('calls'))
        .filter((one: { slot: number }) => one.slot === slot.mate)
        .slice(-1);
      assert.match(await ask({ call: last.id }), /^0.*"MF601"/);
      await bench.runtime.quarantine(mate, 'it is over');
      assert.equal(await waiting, 'MF601');
    });

    it('the call of a guest in another cage, even if they knew its id', async () => {
      const foreign = (await tell('calls', null, 'core.next')).at(-1);
      assert.match(await ask({ call: foreign.id }), /^0.*"MF601"/);
    });

    it('what the manifest does not declare, and are out for good', async () => {
      assert.equal(
        await codeOf(tell('ask', { capability: 'secrets.read', method: 'read', args: '["x"]' })),
        'MF601',
      );
      assert.equal(state(rogue), 'quarantined');
      assert.equal(await codeOf(tell('echo')), 'MF663');
      assert.ok(bench.events('threat.detected').some((one) => JSON.stringify(one).includes(rogue)));
    });

    it('by the thousand, and most of it is refused', async () => {
      await codeOf(tell('syscallStorm'));
      assert.ok((bench.runtime.facts(rogue)?.usage.refusals['messagesPerSecond'] ?? 0) > 0);
    });
  });

  describe('reach the tenants of the same cage, and nobody else', () => {
    it('their capabilities, in their projects only', async () => {
      await bench.runtime.call(
        mate,
        {
          entry: 'request',
          payload: JSON.stringify({ do: 'ask', more: { method: 'set', args: '["own",7]' }, routed: true }),
          project: 'main',
          requestId: null,
        },
        { timeoutMs: 5000 },
      );
      // This is what an escape reaches: the walls are around the trust level, not around each guest.
      assert.equal(await ask({ as: slot.mate, call: null, method: 'get@main', args: '["own"]' }), '17');
      assert.equal(await ask({ args: '["own"]' }), '1null');
      assert.equal(await ask({ as: slot.mate, call: null, method: 'get@shop', args: '["own"]' }), '1null');
      assert.match(await ask({ as: slot.mate, call: null, method: 'get@other' }), /^0.*"MF610"/);
      const far = await codeOf(ask({ as: 4000, call: null }));
      assert.equal(far, 'MF601');
      assert.equal(ends.at(-1)?.reason, 'breach');
    });

    it('their good name: quarantine for what they did not ask', async () => {
      // Nobody answers a guest that is out.
      void codeOf(ask({ as: slot.mate, call: null, capability: 'files', method: 'read', args: '[]' }));
      await until(() => state(mate) === 'quarantined');
      assert.equal(state('core.next'), 'active');
    });

    const texts: [what: string, more: object, outcome: RegExp][] = [
      ['an answer in their place', { text: '{"body":"forged"}' }, /^forged$/],
      ['a status that there is not', { text: '{"status":99}' }, /^MF662$/],
      ['a key twice', { text: '{"status":200,"status":999}' }, /^MF662$/],
      ['headers with a line break', { text: '{"headers":{"x":"a\\r\\nset-cookie: b"}}' }, /^MF662$/],
      ['a member that no answer has', { text: '{"role":"service_role"}' }, /^MF662$/],
      ['a prototype', { text: '{"__proto__":{"status":500}}' }, /^MF662$/],
      ['no JSON', { text: 'NaN' }, /^MF662$/],
      ['more than an answer may have', { text: '{"body":"REPEAT"}' }, /^MF66[24]$/],
      ['an error of the machine', { ok: false, text: '{"code":"MF699","message":"x"}' }, /^MF662$/],
      ['quarantine', { ok: false, text: '{"code":"MF663","message":"x"}' }, /^MF662$/],
      ['an error without a code', { ok: false, text: '{"code":"__proto__","message":"x"}' }, /^MF662$/],
      [
        'facts of an error far too deep',
        {
          ok: false,
          text: `{"code":"MF402","message":"x","details":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
        },
        /^MF402$/,
      ],
      ['all processor time there is', { cpu: 0xffff_ffff, text: '{"body":"late"}' }, /^late$/],
    ];
    for (const [what, more, outcome] of texts) {
      it(what, async () => {
        const waiting = tell('never', {}, mate).then(
          (body: unknown) => ({ said: String(body) }),
          (error: MagFlockError) => ({ said: error.code, error }),
        );
        await tell('echo');
        // Its own call is answered too.
        await codeOf(tell('answerAll', more));
        const { said, error } = (await waiting) as { said: string; error?: MagFlockError };
        assert.match(said, outcome);
        if ('ok' in more) assert.equal(error?.details?.['extension'], mate);
        // It can be written again: for a log, for another thread, for the caller.
        assert.doesNotThrow(() => JSON.stringify(error?.toEnvelope()));
      });
    }
  });

  describe('end the cage, and only that', () => {
    const rows: [what: string, order: string, more: object][] = [
      ['an answer to a call twice', 'answerTwice', {}],
      [
        'an answer in the slot of another',
        'frame',
        { kind: frameKind.answer, slot: 2, body: '\u0001\0\0\0\0null', id: 'cd'.repeat(12) },
      ],
      ['a frame for a slot of nobody', 'frame', { kind: frameKind.pong, slot: 99, body: '{}' }],
      ['a frame for a slot beyond all', 'raw', { bytes: `11000000${'44'}ffffffff${'00'.repeat(12)}` }],
      ['a frame of 4 GB', 'raw', { bytes: 'ffffffff44' }],
      ['arguments that are no list', 'ask', { args: '{"length":1e9}' }],
      ['a capability with too long a name', 'ask', { capability: 'x'.repeat(65) }],
      ['a load of its own', 'frame', { kind: frameKind.load, slot: 9, body: '{}' }],
      [
        'an end for no reason',
        'frame',
        { kind: frameKind.ended, slot: 'own', body: '{"reason":"closed","detail":7}' },
      ],
      [
        'a sign of life of no number',
        'frame',
        { kind: frameKind.pong, slot: 'own', body: '{"busyMs":1e999}' },
      ],
    ];
    for (const [what, order, more] of rows) {
      it(what, async () => {
        const before = ends.length;
        const given = 'slot' in more && more.slot === 'own' ? { ...more, slot: slot.own } : more;
        assert.match(await codeOf(tell(order, given)), /^MF601$|^answered$/);
        await until(() => ends.length > before);
        assert.equal(ends.at(-1)?.reason, 'breach');
        assert.deepEqual([...(ends.at(-1)?.tenants ?? [])].includes('core.next'), false);
        await tell('echo', {}, mate);
      });
    }

    it('asking on after they were told to go', async () => {
      await tell('later');
      await bench.runtime.stop(rogue);
      await until(() => ends.at(-1)?.tenants.includes(mate) === true && ends.at(-1)?.reason === 'breach');
      await tell('echo', {}, mate);
    });
  });
});
