import { deepEqual, equal, match } from 'node:assert/strict';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

describe('guarded SQL over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;
  let verdict: () => object;

  beforeEach(async () => {
    control = await controlHarness(folder(), {
      audit: () => ({ id: 'a' }),
      storage: () => [{ command: 'SELECT', columns: [], rows: [], count: 1 }],
      sentinel: () => verdict(),
    });
  });
  afterEach(() => control.stop());

  const run = (body: object) =>
    control.call('POST', '/sql', { body: { project: 'main', text: 'select 1', ...body } });
  const asked = () => control.asked.map(({ part, method }) => `${part}.${method}`);

  it('is judged, then run, and the verdict comes with the rows', async () => {
    verdict = () => ({ action: 'log', incident: 'i-1', score: 0.6, why: 'odd' });
    const { status, json } = await run({ guarded: true });
    deepEqual([status, json.results[0].count, json.verdict.incident], [200, 1, 'i-1']);
    deepEqual(asked().slice(-2), ['sentinel.judgeStatement', 'storage.sql']);
    const { requestId, ...facts } = control.asked.at(-2)!.payload as Record<string, string>;
    match(requestId ?? '', /^[0-9a-f-]{36}$/);
    deepEqual(facts, { project: 'main', route: 'sql', text: 'select 1', address: 'control-socket' });
    deepEqual(control.asked.at(-1)?.payload, { project: 'main', text: 'select 1' });
  });

  for (const action of ['block', 'escalate']) {
    it(`is not run when the verdict is ${action}, and says how to go on`, async () => {
      verdict = () => ({ action, incident: 'i-1', score: 0.987654, why: 'two texts' });
      const { status, json } = await run({ guarded: true });
      deepEqual([status, json.code], [403, 'MF301']);
      deepEqual([json.score, json.why, json.incident], [0.9877, 'two texts', 'i-1']);
      match(json.fix, /without --guarded/);
      equal(asked().includes('storage.sql'), false);
    });
  }

  it('is not run when it was refused for want of a judge', async () => {
    verdict = () => ({ action: 'block', score: 0, why: 'nobody could' });
    const { status, json } = await run({ guarded: true });
    deepEqual([status, json.code, asked().includes('storage.sql')], [503, 'MF304', false]);
  });

  it('runs when MagSentinel is away and what is not judged is let pass, without a verdict', async () => {
    verdict = () => {
      throw new Error('away');
    };
    const { status, json } = await run({ guarded: true });
    deepEqual([status, 'verdict' in json, json.results.length], [200, false, 1]);
  });

  it('is not judged when nobody asked for it', async () => {
    equal((await run({})).status, 200);
    equal((await run({ guarded: false })).status, 200);
    equal(asked().includes('sentinel.judgeStatement'), false);
  });
});
