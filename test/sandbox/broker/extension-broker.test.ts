import assert from 'node:assert/strict';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { CapabilityName, Permission } from '../../../runtime/protocol/extension-manifest.ts';
import type { Grant } from '../../../runtime/protocol/extensions.protocol.ts';
import type { Capability, CapabilityCall } from '../../../sandbox/broker/capability.ts';
import {
  createExtensionBroker,
  type ExtensionBrokerOptions,
} from '../../../sandbox/broker/create-extension-broker.ts';
import type { BrokerRequest } from '../../../sandbox/broker/extension-broker.ts';
import { createMeter } from '../../../sandbox/quota/create-meter.ts';
import { resolveLimits } from '../../../sandbox/quota/resolve-limits.ts';
import { refusedWith } from './refused-with.ts';

const may = (capability: CapabilityName, ...scope: string[]): Permission => ({
  capability,
  scope,
  reason: 'test',
});
const granted = (permission: Permission, expiresAt?: string): Grant => ({
  ...permission,
  grantedAt: '2026-01-01T00:00:00Z',
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

interface Rig {
  readonly broker: ReturnType<typeof createExtensionBroker>;
  readonly denied: { id: string; capability: string }[];
  readonly threats: { id: string; capability: string }[];
  readonly failures: unknown[];
  readonly calls: CapabilityCall[];
  readonly released: string[];
  /** Capabilities that were told of other grants. */
  readonly changes: string[];
  /** Ends the call of `wait` that is under way. */
  answer(value: unknown): void;
  ask(capability: unknown, method: unknown, more?: Partial<BrokerRequest>): Promise<unknown>;
  clock: number;
}

describe('sandbox: broker of a caged extension', () => {
  const rigs: Rig[] = [];
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map(({ broker }) => broker.close()));
  });

  function rig(more: Partial<ExtensionBrokerOptions> = {}, limits: object = {}): Rig {
    const calls: CapabilityCall[] = [];
    const waiting: ((value: unknown) => void)[] = [];
    const released: string[] = [];
    const changes: string[] = [];
    const capability = (name: CapabilityName): Capability => ({
      name,
      methods: {
        async note(call) {
          calls.push(call);
          return { project: call.project, scopes: call.scopes };
        },
        wait(call) {
          calls.push(call);
          return new Promise((resolve) => waiting.push(resolve));
        },
        throws() {
          throw new Error('ENOENT: /var/lib/magflock/secret');
        },
        async refuses() {
          throw new MagFlockError('MF672', 'no', { cause: new Error('at /var/lib/magflock') });
        },
        async rows(call) {
          call.spend('rows', Number(call.args[0]));
          call.spend('rows', Number(call.args[0]));
        },
        async disk(call) {
          call.spend('disk', 1_000);
        },
      },
      changed() {
        changes.push(name);
      },
      async release(extension) {
        released.push(extension);
      },
    });
    const permissions = more.manifest?.permissions ?? [
      may('cache', '*'),
      may('files', '*'),
      may('db.read', 'orders'),
    ];
    const made: Rig = {
      denied: [],
      threats: [],
      failures: [],
      calls,
      released,
      changes,
      clock: Date.now(),
      answer: (value) => waiting.shift()?.(value),
      broker: undefined as never,
      ask: (name, method, change = {}) =>
        made.broker.syscall({
          capability: name as string,
          method: method as string,
          args: [],
          project: 'main',
          requestId: null,
          deadline: made.clock + 20_000,
          signal: new AbortController().signal,
          ...change,
        }),
    };
    (made as { broker: unknown }).broker = createExtensionBroker({
      id: 'acme.one',
      name: 'one',
      manifest: { permissions },
      grants: permissions.map((permission) => granted(permission)),
      projects: ['main', 'shop'],
      capabilities: [capability('cache'), capability('db.read'), capability('net.fetch')],
      meter: createMeter({ id: 'acme.one', limits: resolveLimits(limits), exceeded() {} }),
      denied: (facts) => made.denied.push(facts),
      threat: (facts) => made.threats.push(facts),
      failed: (error) => made.failures.push(error),
      now: () => made.clock,
      ...more,
    });
    rigs.push(made);
    return made;
  }

  it('carries out what is granted, with its scopes', async () => {
    assert.deepEqual(await rig().ask('db.read', 'note'), { project: 'main', scopes: ['orders'] });
  });

  it('context.in names another of its projects', async () => {
    const { ask } = rig();
    assert.deepEqual(await ask('cache', 'note@shop'), { project: 'shop', scopes: ['*'] });
    assert.deepEqual(await ask('cache', 'note@main', { project: null }), { project: 'main', scopes: ['*'] });
  });

  it('outside of any call the only project is meant, and with several none', async () => {
    assert.deepEqual(await rig({ projects: ['solo'] }).ask('cache', 'note', { project: null }), {
      project: 'solo',
      scopes: ['*'],
    });
    await assert.rejects(rig().ask('cache', 'note', { project: null }), refusedWith('MF610'));
  });

  const undeclared: readonly unknown[] = [
    'net.fetch',
    'db.write',
    'secrets.read',
    'DB.READ',
    'cache ',
    'cache\0',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'x'.repeat(100_000),
    'a\n\u001b[31mforged line',
    undefined,
    null,
    1,
    ['cache'],
    { toString: 'cache' },
  ];
  for (const name of undeclared) {
    it(`${JSON.stringify(name)?.slice(0, 40)} is undeclared: a threat`, async () => {
      const { ask, threats, calls } = rig();
      await assert.rejects(ask(name, 'note'), refusedWith('MF610', { undeclared: true }));
      assert.equal(threats.length, 1);
      assert.match(threats[0]?.capability ?? '', /^[\w.@?-]{0,64}$/);
      assert.deepEqual(calls, []);
    });
  }

  it('declared and not granted is refused, announced, and no threat', async () => {
    const { ask, denied, threats } = rig({ grants: [] });
    await assert.rejects(ask('cache', 'note'), refusedWith('MF610'));
    assert.deepEqual(denied, [{ id: 'acme.one', capability: 'cache' }]);
    assert.deepEqual(threats, []);
  });

  it('granted and not declared is nothing', async () => {
    const { ask, threats } = rig({ manifest: { permissions: [] }, grants: [granted(may('cache', '*'))] });
    await assert.rejects(ask('cache', 'note'), refusedWith('MF610', { undeclared: true }));
    assert.equal(threats.length, 1);
  });

  it('refusals are announced at most once a second', async () => {
    const made = rig({ grants: [] });
    for (let n = 0; n < 20; n += 1) await assert.rejects(made.ask('cache', 'note'));
    assert.equal(made.denied.length, 1);
    made.clock += 1_000;
    await assert.rejects(made.ask('cache', 'note'));
    assert.equal(made.denied.length, 2);
  });

  for (const method of [
    'note@evil',
    'note@',
    'note@main@evil',
    'note@__proto__',
    'note@../shop',
    'note@MAIN',
  ]) {
    it(`${method} is for none of its projects`, async () => {
      const { ask, calls } = rig();
      await assert.rejects(ask('cache', method), refusedWith('MF610'));
      assert.deepEqual(calls, []);
    });
  }

  it('a project of the call that is none of its own is refused too', async () => {
    await assert.rejects(rig().ask('cache', 'note', { project: 'evil' }), refusedWith('MF610'));
  });

  for (const method of [
    '',
    'NOTE',
    'release',
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    1,
    null,
    {},
    ['note'],
  ]) {
    it(`${JSON.stringify(method)} is no method`, async () => {
      await assert.rejects(rig().ask('cache', method), refusedWith('MF605'));
    });
  }

  it('a capability that only the host drives has no methods', async () => {
    await assert.rejects(rig().ask('files', 'note'), refusedWith('MF605'));
  });

  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  for (const [name, args] of [
    ['an object', { length: 0 }],
    ['text', 'abc'],
    ['null', null],
    ['nothing', undefined],
    ['too many', new Array(17).fill(0)],
    ['an array nested 100 deep', [nested(100)]],
    ['an array nested a million deep', [nested(1_000_000)]],
  ] as const) {
    it(`refuses ${name} as arguments`, async () => {
      const { ask, calls } = rig();
      await assert.rejects(ask('cache', 'note', { args }), refusedWith('MF422'));
      assert.deepEqual(calls, []);
    });
  }

  it('arguments with keys of the prototype change nothing', async () => {
    await rig().ask('cache', 'note', { args: JSON.parse('[{"__proto__":{"polluted":1},"constructor":1}]') });
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });

  for (const deadline of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, '9e15' as never]) {
    it(`a deadline of ${deadline} is past`, async () => {
      await assert.rejects(rig().ask('cache', 'note', { deadline }), refusedWith('MF602'));
    });
  }

  it('a call ends at its deadline, whatever the capability does', async () => {
    const made = rig();
    await assert.rejects(made.ask('cache', 'wait', { deadline: made.clock + 20 }), refusedWith('MF602'));
    assert.equal(made.calls[0]?.signal.aborted, true);
    made.answer('late');
  });

  it('a call that was cancelled ends with its guest', async () => {
    const made = rig();
    const guest = new AbortController();
    const waiting = made.ask('cache', 'wait', { signal: guest.signal });
    guest.abort();
    await assert.rejects(waiting, refusedWith('MF601'));
    assert.equal(made.calls[0]?.signal.aborted, true);
    made.answer(1);
    await assert.rejects(made.ask('cache', 'note', { signal: AbortSignal.abort() }), refusedWith('MF601'));
    assert.equal(made.calls.length, 1);
  });

  it('a grant that is revoked ends the calls under way', async () => {
    const made = rig();
    const waiting = made.ask('cache', 'wait');
    const other = made.ask('db.read', 'wait');
    made.broker.regrant([granted(may('db.read', 'orders'))]);
    await assert.rejects(waiting, refusedWith('MF610'));
    assert.equal(made.calls[0]?.signal.aborted, true);
    assert.equal(made.calls[1]?.signal.aborted, false);
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF610'));
    made.answer('revoked');
    made.answer('kept');
    assert.equal(await other, 'kept');
  });

  it('a grant that is narrowed ends the calls it does not cover', async () => {
    const made = rig({ manifest: { permissions: [may('db.read', 'orders', 'items')] } });
    const waiting = made.ask('db.read', 'wait');
    made.broker.regrant([granted(may('db.read', 'orders(id)', 'items'))]);
    await assert.rejects(waiting, refusedWith('MF610'));
    assert.deepEqual(await made.ask('db.read', 'note'), { project: 'main', scopes: ['items', 'orders(id)'] });
    made.answer(1);
  });

  it('what an ended call tries to take is refused, and what it gives back is taken', async () => {
    const made = rig();
    const waiting = made.ask('cache', 'wait');
    made.broker.regrant([]);
    await assert.rejects(waiting, refusedWith('MF610'));
    assert.throws(() => made.calls[0]?.spend('egress', 1), refusedWith('MF610'));
    made.calls[0]?.spend('disk', -1);
    made.answer(1);
  });

  it('a grant that expires ends the calls under way by itself', async () => {
    const until = new Date(Date.now() + 40).toISOString();
    const made = rig({ grants: [granted(may('cache', '*'), until)], now: Date.now });
    const waiting = made.ask('cache', 'wait', { deadline: Date.now() + 20_000 });
    await assert.rejects(waiting, refusedWith('MF610'));
    await assert.rejects(made.ask('cache', 'note', { deadline: Date.now() + 20_000 }), refusedWith('MF610'));
    made.answer(1);
  });

  it('an expired grant lets nothing through even before its timer has run', async () => {
    const made = rig();
    made.broker.regrant([granted(may('cache', '*'), new Date(made.clock + 1_000_000).toISOString())]);
    const told = made.changes.length;
    assert.ok(told > 0);
    assert.deepEqual(await made.ask('cache', 'note'), { project: 'main', scopes: ['*'] });
    made.clock += 1_000_000;
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF610'));
    assert.equal(made.changes.length, 2 * told);
    // A clock that is set back does not bring it back.
    made.clock -= 1_000_000;
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF610'));
  });

  it('a result is not handed back when the grant has run out meanwhile', async () => {
    const made = rig();
    made.broker.regrant([granted(may('cache', '*'), new Date(made.clock + 1_000_000).toISOString())]);
    const waiting = made.ask('cache', 'wait', { deadline: made.clock + 9_000_000 });
    made.clock += 1_000_000;
    made.answer('secret');
    await assert.rejects(waiting, refusedWith('MF610'));
  });

  for (const expiresAt of ['', 'never', '2020-01-01T00:00:00Z']) {
    it(`an end of ${JSON.stringify(expiresAt)} is past`, async () => {
      const { ask } = rig({ grants: [granted(may('cache', '*'), expiresAt)] });
      await assert.rejects(ask('cache', 'note'), refusedWith('MF610'));
    });
  }

  it('system calls per second are bounded, refused ones too', async () => {
    const { ask } = rig({}, { messagesPerSecond: 5 });
    for (let n = 0; n < 4; n += 1) await ask('cache', 'note');
    await assert.rejects(ask('net.fetch', 'note'), refusedWith('MF610'));
    await assert.rejects(ask('net.fetch', 'note'), refusedWith('MF664', { limit: 'messagesPerSecond' }));
  });

  it('system calls at the same time are bounded', async () => {
    const made = rig({ concurrentSyscalls: 2 });
    const waiting = [made.ask('cache', 'wait'), made.ask('cache', 'wait')];
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF664', { limit: 'concurrentSyscalls' }));
    made.answer(1);
    made.answer(2);
    assert.deepEqual(await Promise.all(waiting), [1, 2]);
    await made.ask('cache', 'note');
  });

  it('rows count per call, over several portions', async () => {
    const { ask } = rig({}, { rowsPerCall: 10 });
    await ask('cache', 'rows', { args: [5] });
    await ask('cache', 'rows', { args: [5] });
    await assert.rejects(ask('cache', 'rows', { args: [6] }), refusedWith('MF664', { limit: 'rowsPerCall' }));
  });

  it('errors reach the guest without causes and without paths of the host', async () => {
    const { ask, failures } = rig();
    for (const [method, code] of [
      ['throws', 'MF699'],
      ['refuses', 'MF672'],
    ] as const) {
      const error = await ask('cache', method).catch((thrown: unknown) => thrown);
      refusedWith(code)(error);
      assert.ok(!JSON.stringify((error as MagFlockError).toEnvelope()).includes('magflock/'), method);
      assert.ok(!JSON.stringify((error as MagFlockError).toEnvelope()).includes('/var'), method);
    }
    assert.equal(failures.length, 2);
  });

  it('closing ends what is under way, frees, and refuses what comes', async () => {
    const meter = createMeter({ id: 'acme.one', limits: resolveLimits(), exceeded() {} });
    const made = rig({ meter });
    await made.ask('cache', 'disk');
    assert.equal(meter.usage().diskBytes, 1_000);
    const waiting = made.ask('cache', 'wait');
    const closing = made.broker.close();
    await assert.rejects(waiting, refusedWith('MF601'));
    made.answer(1);
    await closing;
    assert.equal(meter.usage().diskBytes, 0);
    assert.deepEqual(made.released, ['acme.one', 'acme.one', 'acme.one']);
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF601'));
    assert.deepEqual(made.broker.scopes('cache'), []);
    made.broker.regrant([granted(may('cache', '*'))]);
    await assert.rejects(made.ask('cache', 'note'), refusedWith('MF601'));
  });
});
