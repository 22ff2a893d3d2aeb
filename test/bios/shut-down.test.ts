import assert from 'node:assert/strict';
import type { BootEvent } from '../../runtime/bios/boot-event.ts';
import { createShutDown, type ShutDown, type ShutDownOptions } from '../../runtime/bios/shut-down.ts';
import { createLogger } from '../../runtime/telemetry/create-logger.ts';

const never = (): Promise<never> => new Promise(() => {});

interface Way {
  readonly steps: string[];
  readonly events: BootEvent[];
  readonly shutDown: ShutDown;
}

/** A way down whose steps are written down; `change` puts something in their way. */
function wayDown(change: Partial<ShutDownOptions> = {}): Way {
  const steps: string[] = [];
  const events: BootEvent[] = [];
  const step = (name: string) => async (): Promise<void> => {
    steps.push(name);
  };
  const shutDown = createShutDown({
    screen: { show: (event) => events.push(event) },
    log: createLogger({ level: 'silent', part: '/', file: null }),
    drainMs: 30,
    stopMs: 30,
    announce: () => steps.push('announce'),
    drain: step('drain'),
    stopParts: async () => {
      steps.push('parts');
      return [];
    },
    unfinished: async () => ['psu'],
    kill: step('kill'),
    release: () => steps.push('release'),
    ...change,
  });
  return { steps, events, shutDown };
}

describe('the way down', () => {
  it('announces, drains, stops the parts, and frees the folder last', async () => {
    const { steps, events, shutDown } = wayDown();
    shutDown.ready();
    shutDown.begin('test');
    assert.equal(await shutDown.done, 0);
    assert.deepEqual(steps, ['announce', 'drain', 'parts', 'release']);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['stopping', 'stopped'],
    );
  });

  it('says which parts had to be killed although the rest went down in order', async () => {
    const { events, shutDown } = wayDown({ stopParts: async () => ['psu'] });
    shutDown.begin('test');
    assert.equal(await shutDown.done, 0);
    const last = events.at(-1);
    assert.deepEqual(last?.event === 'stopped' && last.forced, ['psu']);
  });

  it('drains nothing when the machine was not up yet', async () => {
    const { steps, shutDown } = wayDown();
    shutDown.begin('test', 2);
    assert.equal(await shutDown.done, 2);
    assert.deepEqual(steps, ['parts', 'release']);
  });

  it('is gone once, however often it is asked for', async () => {
    const { steps, shutDown } = wayDown();
    for (let count = 0; count < 3; count++) shutDown.begin('test');
    await shutDown.done;
    shutDown.force();
    assert.deepEqual(steps, ['parts', 'release']);
  });

  it('kills at a second signal with 130, also when that is what lets the drain end', async () => {
    const draining = Promise.withResolvers<void>();
    const { steps, shutDown } = wayDown({
      drainMs: 60_000,
      drain: () => draining.promise,
      kill: async () => {
        steps.push('kill');
        draining.resolve();
        await new Promise((resolve) => setTimeout(resolve, 10));
      },
    });
    shutDown.ready();
    shutDown.begin('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 5));
    shutDown.force();
    shutDown.force();
    assert.equal(await shutDown.done, 130);
    assert.deepEqual(steps, ['announce', 'kill', 'release']);
  });

  it('names and kills a part that does not stop within its time', async () => {
    const { steps, events, shutDown } = wayDown({ stopParts: never });
    shutDown.begin('test');
    assert.equal(await shutDown.done, 1);
    assert.deepEqual(steps, ['kill', 'release']);
    const last = events.at(-1);
    assert.deepEqual(last?.event === 'stopped' && last.forced, ['psu']);
  });

  it('frees the folder also when a step fails', async () => {
    const { steps, shutDown } = wayDown({ stopParts: () => Promise.reject(new Error('broken')) });
    shutDown.begin('test');
    assert.equal(await shutDown.done, 1);
    assert.deepEqual(steps, ['kill', 'release']);
  });

  it('ends also when the data folder cannot be left tidy', async () => {
    const { shutDown } = wayDown({
      release() {
        throw new Error('not empty');
      },
    });
    shutDown.begin('test');
    assert.equal(await shutDown.done, 0);
  });

  it('counts down while it drains', async function () {
    this.timeout(5000);
    const { events, shutDown } = wayDown({
      drainMs: 2000,
      drain: () => new Promise((resolve) => setTimeout(resolve, 1100)),
    });
    shutDown.ready();
    shutDown.begin('test');
    await shutDown.done;
    assert.deepEqual(
      events.flatMap((event) => (event.event === 'draining' ? event.secondsLeft : [])),
      [1],
    );
  });
});
