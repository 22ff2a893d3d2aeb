import assert from 'node:assert/strict';
import type { DefinitionFacts } from '../../runtime/placement/definition-facts.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import { type SwapSituation, swapRefusal } from '../../runtime/supervision/swap-refusal.ts';
import type { LedgerProtocol } from './support/ledger.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';

const facts = (more: Partial<DefinitionFacts> = {}): DefinitionFacts => ({
  version: '1.0.0',
  methods: ['read', 'write'],
  handover: 1,
  contract: undefined,
  requires: [],
  snapshot: true,
  ...more,
});
const situation = (more: Partial<SwapSituation> = {}): SwapSituation => ({
  id: 'ledger',
  from: facts(),
  to: facts({ version: '1.1.0' }),
  dependants: ['printer'],
  replicas: [],
  isReady: () => true,
  ...more,
});
const to = (more: Partial<DefinitionFacts>) => ({ to: facts({ version: '1.1.0', ...more }) });

describe('which version can follow another', () => {
  const rows: readonly (readonly [string, Partial<SwapSituation>, string | undefined, boolean?])[] = [
    ['the same one', {}, undefined],
    ['one with more methods', to({ methods: ['read', 'write', 'count'] }), undefined],
    [
      'none after a version without handover',
      { from: facts({ handover: undefined }) },
      'ledger 1.0.0 has no handover: it does not say how its state goes over',
    ],
    [
      'none without handover',
      to({ handover: undefined }),
      'ledger 1.1.0 has no handover: it does not say how it takes a state over',
    ],
    [
      'a stateless one after a stateless one',
      { from: facts({ handover: 'stateless' }), ...to({ handover: 'stateless' }) },
      undefined,
    ],
    ['one with a state after a stateless one', { from: facts({ handover: 'stateless' }) }, undefined],
    [
      'a stateless one after one with a state only by force',
      to({ handover: 'stateless' }),
      'ledger 1.1.0 would begin without the state',
      true,
    ],
    ['one with a newer state', to({ handover: 2 }), undefined],
    [
      'one with an older state only by force',
      { from: facts({ handover: 2 }) },
      'the state of ledger has version 2, 1.1.0 knows 1',
      true,
    ],
    [
      'none that requires what is not ready',
      { ...to({ requires: ['audit', 'printer'] }), isReady: (part) => part === 'audit' },
      'ledger 1.1.0 requires printer, which is not ready',
    ],
    [
      'none without snapshot while there are replicas',
      { ...to({ snapshot: false }), replicas: ['cpu-0', 'cpu-1'] },
      'ledger 1.1.0 has no snapshot for its replicas in cpu-0, cpu-1',
    ],
    ['one without snapshot where there are none', to({ snapshot: false }), undefined],
    [
      'one with a method less only by force while others require it',
      to({ methods: ['write'] }),
      'ledger 1.1.0 no longer has read, and printer require it',
      true,
    ],
    [
      'one with a method less where nobody requires it',
      { ...to({ methods: [] }), dependants: [] },
      undefined,
    ],
    [
      'one with another contract only by force while others require it',
      { from: facts({ contract: '1.4' }), ...to({ contract: '2.0' }) },
      'ledger keeps contract 1.4 for printer; 1.1.0 has 2.0',
      true,
    ],
    [
      'one that gives its contract up only by force',
      { from: facts({ contract: '1.4' }) },
      'ledger keeps contract 1.4 for printer; 1.1.0 has none',
      true,
    ],
    [
      'one with a newer minor contract',
      { from: facts({ contract: '1.4' }), ...to({ contract: '1.5' }) },
      undefined,
    ],
  ];
  for (const [which, more, reason, forcible = false] of rows) {
    it(which, () => {
      const refusal = swapRefusal(situation(more));
      assert.deepEqual(refusal, reason === undefined ? undefined : { reason, forcible });
    });
  }
});

describe('a hot swap that is refused', () => {
  let machine: Machine;
  const ledger = (module = 'ledger.actor'): ChildSpec => ({
    id: 'ledger',
    module: fixture(module),
    placement: { kind: 'thread' },
  });
  const dependant: ChildSpec = { ...echo('dependant'), requires: ['ledger'] };
  const boot = async (module?: string): Promise<void> => {
    machine = await bootMachine([ledger(module), dependant]);
  };
  const swapTo = (module: string, force = false) =>
    machine.motherboard.swap('ledger', { module: fixture(module), force });
  const version = async () => (await machine.ref<LedgerProtocol>('ledger').ask('facts', null)).version;
  afterEach(() => machine.close());

  for (const [module, reason] of [
    ['ledger-mute.actor', /1\.3\.0 has no handover/],
    ['ledger-demanding.actor', /requires printer, which is not ready/],
    ['ledger-broken.actor', /this module does not load/],
    ['no-such.actor', /Cannot find module/],
    ['owner.replica', /does not export actor/],
  ] as const) {
    it(`to ${module} touches nothing and says why`, async () => {
      await boot();
      const before = (await machine.motherboard.status())[0];
      await assert.rejects(swapTo(module, true), { code: 'MF640', message: reason });
      assert.equal(await version(), '1.0.0');
      const after = (await machine.motherboard.status())[0];
      assert.deepEqual([after?.incarnation, after?.placement], [before?.incarnation, before?.placement]);
    });
  }

  for (const [module, from, reason, becomes] of [
    ['ledger-poor.actor', 'ledger.actor', /no longer has askOther, and dependant require it/, '1.5.0'],
    [
      'ledger-other.actor',
      'ledger-contract.actor',
      /keeps contract 1\.2 for dependant; 3\.0\.0 has 2\.0/,
      '3.0.0',
    ],
    ['ledger-forgetful.actor', 'ledger.actor', /would begin without the state/, '1.4.0'],
  ] as const) {
    it(`to ${module} is done when it is forced`, async () => {
      await boot(from);
      await assert.rejects(swapTo(module), { code: 'MF640', message: reason, fix: /--force/ });
      await swapTo(module, true);
      assert.equal(await version(), becomes);
    });
  }

  it('is one of a part that is not there, or does not run', async () => {
    await boot();
    await assert.rejects(machine.motherboard.swap('nobody'), { code: 'MF604' });
    await machine.motherboard.unregister('dependant');
    const late = { ...ledger('ledger-broken.actor'), id: 'late', required: false };
    await machine.motherboard.register(late).catch(() => {});
    await assert.rejects(machine.motherboard.swap('late'), {
      code: 'MF640',
      message: 'late is failed',
      fix: 'magflock restart late',
    });
  });
});
