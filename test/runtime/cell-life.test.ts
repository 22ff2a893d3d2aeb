import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ActorCell } from '../../runtime/actor/actor-cell.ts';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { AnyActor } from '../../runtime/actor/any-actor.ts';
import { type ActorDefinition, defineActor } from '../../runtime/actor/define-actor.ts';
import { Message } from '../../runtime/actor/message.ts';
import { createActorSystem } from '../../runtime/actor-system.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { LoneHost, noContext } from './support/lone-host.ts';

interface WorkProtocol {
  work(request: unknown): unknown;
}
type Work = Partial<ActorDefinition<unknown, WorkProtocol>>;

const aTurn = () => new Promise((resolve) => setImmediate(resolve));
const never = Number.POSITIVE_INFINITY;
const shutdown = { kind: 'shutdown', detail: 'test' } as const;

/** A promise and what settles it. */
function gate<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

class Workplace {
  readonly host = new LoneHost();
  readonly cell = new ActorCell('cell', this.host);
  readonly lines: string[] = [];

  start(more: Work, incarnation = 1): Promise<void> | void {
    const definition = {
      name: 'cell',
      version: '1',
      init: () => ({}),
      methods: { work: (_state: unknown, run: unknown) => (run as () => unknown)() },
      ...more,
    } as unknown as AnyActor;
    return this.cell.start(definition, { ...noContext, incarnation } as ActorContext, undefined);
  }

  /** Asks it to run something; notes the outcome under that name. */
  ask(name: string, run: () => unknown, high = false): Message {
    const source = {
      started: () => {},
      reply: (_slot: number, value: unknown) => void this.lines.push(`${name} = ${String(value)}`),
      fail: (_slot: number, error: unknown) =>
        void this.lines.push(`${name} ${(error as MagFlockError).code}`),
      release: () => void this.lines.push(`${name} released`),
    };
    const message = new Message(source, 0, true, this.cell, 'work', run, '/t', never, high, undefined);
    this.cell.enqueue(message);
    return message;
  }
}

describe('the lives of a cell', () => {
  let place: Workplace;
  const note = (line: string) => () => void place.lines.push(line);
  beforeEach(() => {
    place = new Workplace();
  });

  it('stop during init waits for it, then stops in order', async () => {
    const init = gate<object>();
    const starting = place.start({ init: () => init.promise, start: note('start'), stop: note('stop') });
    const stopped = place.cell.stop().then(note('stopped'));
    await aTurn();
    assert.deepEqual(place.lines, []);
    init.open({});
    await Promise.all([starting, stopped]);
    assert.deepEqual(place.lines, ['start', 'stop', 'stopped']);
    assert.equal(place.cell.phase, 'waiting');
  });

  it('stop during an init that fails ends', async () => {
    const starting = Promise.resolve(place.start({ init: () => Promise.reject(new Error('no')) })).catch(() =>
      place.cell.abandon(),
    );
    await Promise.all([starting, place.cell.stop()]);
    assert.equal(place.cell.phase, 'waiting');
  });

  it('an init that ends after it was given up touches nothing of the next incarnation', async () => {
    const init = gate<object>();
    const first = place.start({ init: () => init.promise, start: note('late start') });
    place.cell.abandon();
    await place.start({ init: () => 'new' }, 2);
    place.cell.open();
    init.open({});
    await first;
    assert.equal(place.cell.state, 'new');
    assert.equal(place.cell.phase, 'ready');
    assert.deepEqual(place.lines, []);
  });

  it('stops that come together are one: each waits for it, nothing is cut short', async () => {
    await place.start({ stop: note('stop') });
    place.cell.open();
    const slow = gate();
    place.ask('slow', () => slow.promise);
    place.ask('waiting', () => 'ran');
    await aTurn();
    const stops = [place.cell.stop(), place.cell.stop(), place.cell.stop()];
    await aTurn();
    slow.open();
    await Promise.all(stops);
    assert.deepEqual(place.lines, ['slow = undefined', 'waiting = ran', 'stop']);
    assert.equal(place.host.ends.length, 1);
  });

  it('stop beside an exit waits for that end, which comes once', async () => {
    const end = gate();
    await place.start({ stop: () => end.promise });
    place.cell.open();
    place.ask('leaves', () => place.cell.exit({ kind: 'normal', detail: '' }));
    await aTurn();
    let stopped = false;
    const stop = place.cell.stop().then(() => {
      stopped = true;
    });
    await aTurn();
    assert.equal(stopped, false);
    end.open();
    await stop;
    assert.deepEqual(
      place.host.ends.map(({ kind }) => kind),
      ['normal'],
    );
  });

  it('exit during init ends it when it has started', async () => {
    const init = gate<object>();
    const starting = place.start({ init: () => init.promise, start: note('start'), stop: note('stop') });
    place.cell.exit({ kind: 'normal', detail: '' });
    init.open({});
    await starting;
    await aTurn();
    assert.deepEqual(place.lines, ['start', 'stop']);
    assert.equal(place.host.ends.length, 1);
  });

  it('exit lets what runs beside it end, and starts nothing else', async () => {
    await place.start({ concurrency: 3, stop: note('stop') });
    place.cell.open();
    const [one, two] = [gate<string>(), gate<string>()];
    place.ask('one', () => one.promise);
    place.ask('two', () => two.promise);
    place.ask('leaves', () => place.cell.exit({ kind: 'crash', detail: '' }));
    place.ask('waits', () => 'never');
    await aTurn();
    one.open('done');
    await aTurn();
    assert.deepEqual(place.lines, ['leaves = undefined', 'one = done']);
    two.open('done');
    await aTurn();
    assert.deepEqual(place.lines, ['leaves = undefined', 'one = done', 'two = done', 'stop']);
    assert.equal(place.cell.mailbox.length, 1);
  });

  it('an end that does not come is forced: what runs is answered MF601', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await place.start({ concurrency: 2 });
      place.cell.open();
      place.ask('stuck', () => new Promise(() => {}));
      place.ask('leaves', () => place.cell.exit({ kind: 'normal', detail: '' }));
      await aTurn();
      assert.equal(place.cell.phase, 'ending');
      mock.timers.tick(60_000);
      assert.deepEqual(place.lines, ['leaves = undefined', 'stuck MF601']);
      assert.equal(place.cell.phase, 'waiting');
      assert.equal(place.host.ends.length, 1);
    } finally {
      mock.timers.reset();
    }
  });

  it('what runs when it is given up is answered at once, is told, and takes no place of the next', async () => {
    await place.start({});
    place.cell.open();
    const zombie = gate<string>();
    const message = place.ask('zombie', () => zombie.promise);
    await aTurn();
    const { signal } = message;
    const suspended = place.cell.suspend();
    place.cell.abandon();
    assert.deepEqual(place.lines, ['zombie MF601']);
    assert.equal(signal.aborted, true);
    await suspended;
    await place.start({}, 2);
    place.cell.open();
    place.ask('next', () => 'runs');
    await aTurn();
    assert.deepEqual(place.lines, ['zombie MF601', 'next = runs']);
    zombie.open('late');
    await aTurn();
    assert.deepEqual(place.lines, ['zombie MF601', 'next = runs']);
    assert.equal(place.cell.running, 0);
  });

  it('a stop of which somebody lost patience does not end the next incarnation', async () => {
    const end = gate();
    await place.start({ stop: () => end.promise });
    place.cell.open();
    const stop = place.cell.stop();
    await aTurn();
    place.cell.abandon();
    await place.start({ init: () => 'new' }, 2);
    place.cell.open();
    end.open();
    await stop;
    assert.equal(place.cell.phase, 'ready');
    assert.equal(place.cell.state, 'new');
    assert.deepEqual(place.host.ends, []);
  });

  it('stop ends a suspended one: what waits is run before', async () => {
    await place.start({ stop: note('stop') });
    place.cell.open();
    await place.cell.suspend();
    place.ask('waits', () => 'ran');
    await aTurn();
    await place.cell.stop(shutdown);
    assert.deepEqual(place.lines, ['waits = ran', 'stop']);
  });

  it('one that is closed while it drains comes to its end and stays closed', async () => {
    await place.start({ stop: note('stop') });
    place.cell.open();
    const slow = gate();
    place.ask('slow', () => slow.promise);
    place.ask('waits', () => 'never');
    await aTurn();
    const stop = place.cell.stop();
    place.cell.close(() => ({ code: 'MF607' }) as MagFlockError);
    slow.open();
    await stop;
    assert.deepEqual(place.lines, ['waits MF607', 'slow = undefined', 'stop']);
    assert.equal(place.cell.phase, 'closed');
  });

  it('a stash full of messages nobody waits for has room', async () => {
    await place.start({
      stash: { limit: 2 },
      methods: { work: (_state, _request, call) => call.stash() },
    });
    place.cell.open();
    const gone = [place.ask('one', () => {}), place.ask('two', () => {})];
    await aTurn();
    for (const message of gone) place.cell.cancel(message);
    place.ask('three', () => {});
    place.ask('four', () => {});
    place.ask('five', () => {});
    await aTurn();
    assert.deepEqual(place.lines, ['one released', 'two released', 'five MF603']);
  });

  it('a message is run once, however many wake it', async () => {
    await place.start({});
    place.cell.open();
    place.ask('one', () => 'ran');
    for (let index = 0; index < 5; index++) {
      void place.cell.suspend();
      place.cell.resume();
      place.cell.enqueueJob(() => {});
    }
    await aTurn();
    assert.deepEqual(place.lines, ['one = ran']);
  });
});

describe('the end of an actor with children', () => {
  const child = (name: string, lines: string[], more: Work = {}) =>
    defineActor<unknown, WorkProtocol>({
      name,
      version: '1',
      init: () => ({}),
      stop: () => void lines.push(`stop ${name}`),
      methods: { work: () => name },
      ...more,
    });

  it('ends all of them, also when one fails in it and when its own stop makes another', async () => {
    const lines: string[] = [];
    const system = await createActorSystem();
    const failing = child('failing', lines, {
      stop() {
        lines.push('stop failing');
        throw new Error('cannot');
      },
    });
    const parent = defineActor<ActorContext, WorkProtocol>({
      name: 'parent',
      version: '1',
      init(context) {
        for (const each of [child('one', lines), failing, child('three', lines)])
          context.spawn(each, { name: each.name, args: undefined });
        return context;
      },
      stop(context) {
        lines.push('stop parent');
        context.spawn(child('late', lines), { name: 'late', args: undefined });
      },
      methods: { work: () => 'parent' },
    });
    await system.spawn(parent, { name: 'parent' }).ask('work', null);
    await system.stop();
    assert.deepEqual(lines, ['stop three', 'stop failing', 'stop one', 'stop parent', 'stop late']);
  });

  it('takes children along that end by themselves, or start, while it stops', async () => {
    const lines: string[] = [];
    const system = await createActorSystem();
    const init = gate<object>();
    const parent = defineActor<ActorContext, WorkProtocol>({
      name: 'parent',
      version: '1',
      init(context) {
        context.spawn(child('slow', lines, { init: () => init.promise }), { name: 'slow', args: undefined });
        const brief = context.spawn(
          child('brief', lines, {
            init: (own) => own,
            methods: { work: (own) => (own as ActorContext).exit() },
          }),
          { name: 'brief', args: undefined },
        );
        brief.tell('work', null);
        return context;
      },
      methods: { work: () => 'parent' },
    });
    await system.spawn(parent, { name: 'parent' }).ask('work', null);
    const stopped = system.stop();
    setImmediate(() => init.open({}));
    await stopped;
    assert.deepEqual([...lines].sort(), ['stop brief', 'stop slow']);
  });
});
