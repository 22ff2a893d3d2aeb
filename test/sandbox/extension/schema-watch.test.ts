import assert from 'node:assert/strict';
import { SchemaWatch } from '../../../sandbox/extension/schema-watch.ts';

describe('sandbox: logins follow the schema', () => {
  let settled: string[];
  let timers: { readonly ms: number; readonly run: () => void | Promise<void> }[];
  let ends: (() => void)[];
  let watch: SchemaWatch;
  beforeEach(() => {
    settled = [];
    timers = [];
    ends = [];
    watch = new SchemaWatch({
      timers: {
        after: (ms, run) => {
          timers.push({ ms, run });
          return () => {};
        },
      },
      settle: (project) => {
        settled.push(project);
        return new Promise((resolve) => ends.push(resolve));
      },
    });
  });
  const pass = async () => {
    for (const { run } of timers.splice(0)) run();
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('settles each project once for changes that come in a row', async () => {
    for (const project of ['main', 'shop', 'main', 'main']) watch.changed(project);
    assert.equal(timers.length, 2);
    assert.deepEqual(settled, []);
    await pass();
    assert.deepEqual(settled, ['main', 'shop']);
  });

  it('a change while it settles is one more round after it, and nothing comes of none', async () => {
    watch.changed('main');
    await pass();
    // What was granted is announced too.
    watch.changed('main');
    watch.changed('main');
    await pass();
    assert.deepEqual(settled, ['main']);
    ends.shift()?.();
    await pass();
    await pass();
    assert.deepEqual(settled, ['main', 'main']);
    ends.shift()?.();
    await pass();
    await pass();
    assert.deepEqual(settled, ['main', 'main']);
  });
});
