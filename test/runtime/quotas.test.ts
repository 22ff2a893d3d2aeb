import assert from 'node:assert/strict';
import type { Quotas } from '../../runtime/actor/define-actor.ts';
import type { QuotaExcess } from '../../runtime/actor/quota-excess.ts';
import { QuotaGuard, type QuotaSubject } from '../../runtime/actor/quota-guard.ts';
import type { EventPayload } from '../../runtime/bus/event-catalog.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { validateChildSpec } from '../../runtime/supervision/validate-child-spec.ts';
import type { BusyProtocol } from './fixtures/busy.actor.ts';
import { busy, observed } from './support/observed.ts';
import { until } from './support/until.ts';

type Exceeded = EventPayload<'actor.quota.exceeded'>;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Drives an actor over one of its quotas. @returns outcomes by code, `ok` for an answer */
type Drive = (
  ask: (method: 'count' | 'spin' | 'wait', payload: unknown) => Promise<string>,
) => Promise<string[]>;

const drives: Readonly<Record<'messagesPerSecond' | 'mailboxBytes' | 'turnMs', Drive>> = {
  messagesPerSecond: (ask) => Promise.all(Array.from({ length: 30 }, () => ask('count', null))),
  turnMs: async (ask) => [await ask('spin', { ms: 60 })],
  async mailboxBytes(ask) {
    const holding = ask('wait', { ms: 300 });
    await wait(50);
    const text = 'x'.repeat(20_000);
    return Promise.all([holding, ...Array.from({ length: 10 }, () => ask('count', text))]);
  },
};

const limits: Readonly<Record<keyof typeof drives, Quotas>> = {
  messagesPerSecond: { messagesPerSecond: 20 },
  turnMs: { turnMs: 20 },
  mailboxBytes: { mailboxBytes: 100_000 },
};

describe('quotas', function () {
  this.timeout(30_000);

  for (const kind of ['inline', 'thread'] as const) {
    for (const quota of ['messagesPerSecond', 'mailboxBytes', 'turnMs'] as const) {
      for (const onLimit of ['throttle', 'restart', 'quarantine'] as const) {
        it(`${quota}, ${onLimit}, ${kind}`, async () => {
          const spec = busy('one', { placement: { kind }, quotas: { ...limits[quota], onLimit } });
          const machine = await observed([spec]);
          try {
            const events: Exceeded[] = [];
            machine.motherboard.events.on('actor.quota.exceeded', (event) => void events.push(event));
            const ref = machine.ref<BusyProtocol>('one');
            const ask = (method: 'count', payload: unknown) =>
              ref.ask(method, payload, { timeoutMs: 10_000 }).then(
                () => 'ok',
                (error: MagFlockError) => error.code,
              );
            const began = performance.now();
            const outcomes = await drives[quota](ask as Parameters<Drive>[0]);
            const took = performance.now() - began;
            await until('it is announced', () => events.length > 0);
            const { path, limit, value, policy } = events[0] as Exceeded;
            assert.deepEqual([path, events[0]?.quota, policy], ['/one', quota, onLimit]);
            assert.equal(limit, limits[quota][quota]);
            assert.ok(value >= limit, `${value} of ${limit}`);

            const part = async () => (await machine.motherboard.status())[0];
            if (onLimit === 'quarantine') {
              await until('it is down', async () => (await part())?.state === 'quarantined');
              await assert.rejects(ref.ask('count', null), { code: 'MF607' });
              assert.match((await part())?.lastError ?? '', new RegExp(`its quota ${quota} is ${limit}`));
              await machine.motherboard.restart('one');
              assert.equal(await ref.ask('incarnation', null), 2);
              return;
            }
            if (onLimit === 'restart') {
              await until('it is back', async () => (await part())?.incarnation === 2);
            }
            if (quota === 'mailboxBytes') {
              assert.ok(outcomes.includes('MF650'), outcomes.join());
              assert.ok(
                outcomes.every((outcome) => outcome === 'ok' || outcome === 'MF650'),
                outcomes.join(),
              );
            } else if (onLimit === 'throttle') {
              assert.ok(
                outcomes.every((outcome) => outcome === 'ok'),
                outcomes.join(),
              );
              assert.equal(await ref.ask('incarnation', null), 1);
              // 30 messages at 20 a second: the bucket holds the first 20, ten more take half a second.
              if (quota === 'messagesPerSecond') assert.ok(took >= 400, `${took} ms`);
            } else assert.ok(outcomes.includes('ok'), outcomes.join());
            const { text } = await machine.motherboard.metrics();
            assert.match(
              text,
              new RegExp(`magflock_actor_quota_exceeded_total\\{part="one",quota="${quota}"\\}`),
            );
          } finally {
            await machine.close();
          }
        });
      }
    }
  }

  it('heap of a thread: it ends, the event names the part and the limit, the part is back', async () => {
    const placement = { kind: 'thread', heapMegabytes: 24 } as const;
    const machine = await observed([busy('one', { placement })]);
    try {
      const events: Exceeded[] = [];
      machine.motherboard.events.on('actor.quota.exceeded', (event) => void events.push(event));
      const ref = machine.ref<BusyProtocol>('one');
      await assert.rejects(ref.ask('fill', null, { timeoutMs: 20_000 }), { code: 'MF601' });
      assert.equal(await ref.ask('incarnation', null, { timeoutMs: 20_000 }), 2);
      assert.deepEqual(events, [
        { path: '/one', quota: 'heapMegabytes', limit: 24, value: 24, policy: 'restart' },
      ]);
    } finally {
      await machine.close();
    }
  });

  it('without quotas nothing is limited', async () => {
    const machine = await observed([busy('one')]);
    try {
      const ref = machine.ref<BusyProtocol>('one');
      const counts = await Promise.all(Array.from({ length: 5_000 }, () => ref.ask('count', null)));
      assert.equal(counts.at(-1), 5_000);
    } finally {
      await machine.close();
    }
  });

  for (const [quotas, field] of [
    [{ messagesPerSecond: 0 }, 'messagesPerSecond must be more than 0'],
    [{ turnMs: 'soon' }, 'turnMs must be milliseconds, more than 0'],
    [{ onLimit: 'shout' }, 'onLimit must be one of throttle, restart, quarantine'],
    [{ perMinute: 3 }, 'perMinute is not one of its fields'],
  ] as const) {
    it(`a specification with ${JSON.stringify(quotas)} is refused: ${field}`, () => {
      assert.throws(() => validateChildSpec(busy('one', { quotas: quotas as Quotas })), {
        code: 'MF608',
        message: new RegExp(field),
      });
    });
  }
});

describe('a quota guard', () => {
  function guard(quotas: Quotas) {
    const done: string[] = [];
    const excesses: QuotaExcess[] = [];
    const subject: QuotaSubject = {
      path: '/one',
      rest: () => void done.push('rest'),
      exit: ({ kind, quarantine }) => void done.push(`exit ${kind}${quarantine === true ? ' for good' : ''}`),
      refuseWaiting: (refusal) => void done.push(`refuse ${refusal().code}`),
    };
    return { guard: new QuotaGuard(quotas, subject, (excess) => excesses.push(excess)), done, excesses };
  }

  it('announces the same limit once a second at most', () => {
    const { guard: one, done, excesses } = guard({ turnMs: 1 });
    for (let turn = 0; turn < 50; turn++) one.turned(5);
    assert.equal(done.length, 50);
    assert.equal(excesses.length, 1);
  });

  it('empties a mailbox that ends its incarnation: the next must not begin with it', () => {
    const { guard: one, done } = guard({ mailboxBytes: 10, onLimit: 'restart' });
    assert.equal(one.refuses(10), undefined);
    assert.ok(MagFlockError.is(one.refuses(11)));
    assert.deepEqual(done, ['refuse MF650', 'exit crash']);
  });
});
