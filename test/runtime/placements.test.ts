import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import { FakeCage } from './support/fake-cage.ts';
import { echo, fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

/** The columns: the same actor, the same tests, wherever it runs. */
const placements = {
  inline: { kind: 'inline' },
  thread: { kind: 'thread' },
  'shared thread': { kind: 'thread', thread: 'common' },
  // One worker: with more, messages overtake each other, which is what a pool is for.
  pool: { kind: 'pool', workers: 1 },
  cage: { kind: 'cage' },
} as const satisfies Record<string, ChildSpec['placement']>;
type Column = keyof typeof placements;

interface Scene {
  readonly machine: Machine;
  readonly ref: ActorRef<EchoProtocol>;
  readonly witness: ActorRef<EchoProtocol>;
  /** What the actor told the witness. */
  told(): Promise<readonly unknown[]>;
}

interface Row {
  readonly guarantee: string;
  /** Columns it is not asked of, and why. */
  readonly except?: Partial<Record<Column, string>>;
  run(scene: Scene): Promise<void>;
}

type Failing = (error: MagFlockError) => boolean;
const withCode =
  (code: string): Failing =>
  (error) =>
    assert.equal(error.code, code) === undefined;
const code = (ask: Promise<unknown>): Promise<string> =>
  ask.then(
    () => 'answered',
    (error: MagFlockError) => error.code,
  );
const tellWitness = (payload: unknown) => ({ part: 'witness', method: 'echo', payload });
const withinOneThread = 'within a thread a payload is handed over as it is';
const onlyForked = 'what ends the main thread ends the machine';

const rows: readonly Row[] = [
  {
    guarantee: 'an ask is answered, a tell is run',
    async run({ ref, told }) {
      assert.deepEqual(await ref.ask('echo', { deep: [1, { two: 2 }] }), { deep: [1, { two: 2 }] });
      ref.tell('tellOther', tellWitness('told'));
      await until('it was run', async () => (await told()).includes('told'));
    },
  },
  {
    guarantee: 'one message runs at a time, and those of one sender in order',
    async run({ ref, told }) {
      const waits = ref.ask('wait', { ms: 30 });
      const order = [1, 2, 3, 4, 5].map((number) => ref.ask('tellOther', tellWitness(`in order ${number}`)));
      await Promise.all([waits, ...order]);
      const mine = async () => (await told()).filter((each) => String(each).startsWith('in order'));
      await until('all were told', async () => (await mine()).length === 5);
      assert.deepEqual(
        await mine(),
        [1, 2, 3, 4, 5].map((number) => `in order ${number}`),
      );
    },
  },
  {
    guarantee: 'an error keeps its code, message, fix and details',
    async run({ ref }) {
      await assert.rejects(ref.ask('refuse', null), (error: MagFlockError) => {
        const { code, message, fix, details } = error;
        assert.deepEqual(
          { code, message, fix, details },
          {
            code: 'MF403',
            message: 'not you',
            fix: 'be another',
            details: { who: 'you' },
          },
        );
        return true;
      });
    },
  },
  {
    guarantee: 'an error that is not in the catalogue is MF699, and changes nothing else',
    async run({ ref }) {
      await assert.rejects(ref.ask('throwPlain', null), withCode('MF699'));
      assert.equal(await ref.ask('echo', 'goes on'), 'goes on');
    },
  },
  {
    guarantee: 'a method that it does not have is MF605',
    async run({ ref }) {
      await assert.rejects(ref.ask('nothing' as 'refuse', null), withCode('MF605'));
    },
  },
  {
    guarantee: 'an ask ends at its deadline, and what expired while it waited is not run',
    async run({ ref, told }) {
      const busy = ref.ask('wait', { ms: 300 });
      await assert.rejects(
        ref.ask('tellOther', tellWitness('expired'), { timeoutMs: 50 }),
        withCode('MF602'),
      );
      await busy;
      await ref.ask('echo', 'after it');
      assert.ok(!(await told()).includes('expired'));
    },
  },
  {
    guarantee: 'a method sees the absolute deadline of its ask',
    async run({ ref }) {
      const before = Date.now();
      const deadline = await ref.ask('deadline', null, { timeoutMs: 5_000 });
      assert.ok(deadline >= before + 5_000 && deadline <= Date.now() + 5_000);
    },
  },
  {
    guarantee: 'the deadline of an ask within an ask is never later than its own',
    async run({ ref }) {
      const nested = { part: 'witness', method: 'deadline', payload: null };
      const inner = (await ref.ask('askOther', nested, { timeoutMs: 2_000 })) as number;
      assert.ok(inner <= Date.now() + 2_000);
    },
  },
  {
    guarantee: 'a cancelled ask ends at once with MF606, and the method that runs is told',
    async run({ ref }) {
      const controller = new AbortController();
      const ask = code(ref.ask('cancelled', { ms: 60_000 }, { signal: controller.signal }));
      setTimeout(() => controller.abort(), 50);
      assert.equal(await ask, 'MF606');
      assert.equal(await ref.ask('echo', 'is free again'), 'is free again');
    },
  },
  {
    guarantee: 'a message that is cancelled while it waits is not run',
    async run({ ref, told }) {
      const busy = ref.ask('wait', { ms: 100 });
      const controller = new AbortController();
      const ask = code(ref.ask('tellOther', tellWitness('cancelled'), { signal: controller.signal }));
      controller.abort();
      assert.equal(await ask, 'MF606');
      await busy;
      await ref.ask('echo', 'after it');
      assert.ok(!(await told()).includes('cancelled'));
    },
  },
  {
    guarantee: 'a payload is a copy: what the sender changes afterwards does not reach it',
    except: { inline: withinOneThread },
    async run({ ref }) {
      const payload = { list: [1] };
      const ask = ref.ask('wait', { ms: 20, value: payload });
      await ref.ask('echo', 'one turn');
      payload.list.push(2);
      assert.deepEqual(await ask, { list: [1] });
    },
  },
  {
    guarantee: 'an answer that cannot be copied is MF614, and changes nothing else',
    except: { inline: withinOneThread },
    async run({ ref }) {
      await assert.rejects(ref.ask('uncloneable', null), withCode('MF614'));
      assert.equal(await ref.ask('echo', 'goes on'), 'goes on');
    },
  },
  {
    guarantee: 'a payload that cannot be copied is MF614',
    except: { inline: withinOneThread },
    async run({ ref }) {
      await assert.rejects(
        ref.ask('echo', () => {}),
        withCode('MF614'),
      );
    },
  },
  {
    guarantee: 'it reaches other parts by name, and gets their errors',
    async run({ ref }) {
      assert.equal(await ref.ask('askOther', { part: 'witness', method: 'echo', payload: 'hello' }), 'hello');
      const refused = ref.ask('askOther', { part: 'witness', method: 'refuse', payload: null });
      await assert.rejects(refused, withCode('MF403'));
    },
  },
  {
    guarantee: 'status, health and capabilities are told, also while a message runs',
    async run({ ref, machine }) {
      const busy = ref.ask('wait', { ms: 100 });
      const parts = await machine.motherboard.status();
      const part = parts.find(({ name }) => name === 'subject');
      assert.equal(part?.state, 'ready');
      assert.equal(part?.version, '1.2.3');
      assert.deepEqual(part?.capabilities, ['echoes']);
      assert.equal(part?.health?.status, 'ok');
      await busy;
    },
  },
  {
    guarantee: 'a restart that somebody asks for lets what runs end, and keeps what comes meanwhile',
    async run({ ref, machine }) {
      const before = await ref.ask('incarnation', null);
      const running = ref.ask('wait', { ms: 100, value: 'ended' });
      const restart = machine.motherboard.restart('subject');
      const later = Promise.all([1, 2, 3].map((number) => ref.ask('echo', number)));
      assert.equal(await running, 'ended');
      assert.equal(await restart, before + 1);
      assert.deepEqual(await later, [1, 2, 3]);
      assert.equal(await ref.ask('incarnation', null), before + 1);
    },
  },
  {
    guarantee:
      'a crash answers what ran with MF601; it never runs again, and what waited is run by the next life',
    except: { inline: onlyForked },
    async run({ ref, told }) {
      const before = await ref.ask('incarnation', null);
      const dying = code(ref.ask('die', { how: 'throw' }));
      const waiting = [1, 2, 3].map((number) => ref.ask('askOther', tellWitness(`survivor ${number}`)));
      assert.equal(await dying, 'MF601');
      assert.deepEqual(await Promise.all(waiting), ['survivor 1', 'survivor 2', 'survivor 3']);
      assert.deepEqual(
        (await told()).filter((each) => String(each).startsWith('survivor')),
        ['survivor 1', 'survivor 2', 'survivor 3'],
      );
      const after = await ref.ask('incarnation', null);
      assert.ok(after === before + 1 || after === before, `${before}, ${after}`);
    },
  },
  {
    guarantee: 'once it is taken out, it is MF604 or MF607 to those who still write to it',
    async run({ ref, machine }) {
      await machine.motherboard.unregister('subject');
      assert.match(await code(ref.ask('echo', 'nobody there')), /^MF60[47]$/);
    },
  },
];

/** Cells that are empty; a test counts them, so that one more is a decision. */
const exceptions = rows.flatMap(({ except = {} }) => Object.values(except));

describe('the guarantees of an actor', () => {
  for (const column of Object.keys(placements) as Column[]) {
    describe(`in placement ${column}`, () => {
      let scene: Scene;

      before(async () => {
        const machine = makeMachine(
          [
            echo('witness', { placement: { kind: 'inline' } }),
            echo('neighbour', { placement: { kind: 'thread', thread: 'common' } }),
            echo('subject', { placement: placements[column], shutdownMs: 2_000 }),
          ],
          {},
          { placements: { cage: (host) => new FakeCage(host) } },
        );
        await machine.motherboard.boot();
        const witness = machine.ref('witness');
        const told = () => witness.ask('seen', null);
        scene = { machine, ref: machine.ref('subject'), witness, told };
      });
      after(() => scene.machine.close());

      for (const { guarantee, except, run } of rows) {
        const reason = except?.[column];
        if (reason === undefined) it(guarantee, () => run(scene));
        else it(`(not asked: ${reason}) ${guarantee}`, () => assert.ok(reason.length > 10));
      }
    });
  }

  it('are asked of every placement but in the cells that say why not', () => {
    assert.deepEqual(exceptions, [withinOneThread, withinOneThread, withinOneThread, onlyForked]);
  });

  for (const column of Object.keys(placements) as Column[]) {
    it(`in placement ${column} an init that fails is MF615 with its fix, and nothing is left behind`, async () => {
      const machine = makeMachine([], {}, { placements: { cage: (host) => new FakeCage(host) } });
      await machine.motherboard.boot();
      const failing = {
        id: 'subject',
        module: fixture('echo.actor'),
        placement: placements[column],
        args: { failInit: 'no room' },
      };
      await assert.rejects(machine.motherboard.register(failing), (error: MagFlockError) => {
        assert.equal(error.code, 'MF615');
        assert.match(error.message, /no room/);
        assert.equal(error.fix, 'do not ask for it');
        return true;
      });
      await machine.close();
    });
  }
});
