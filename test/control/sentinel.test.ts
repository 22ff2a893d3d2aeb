import { deepEqual, equal, match } from 'node:assert/strict';
import { connectControl } from '../../runtime/cli/control-client.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

const id = '0198c0de-0000-7000-8000-000000000001';
const other = '0198c0de-0000-7000-8000-000000000002';

describe('MagSentinel over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;

  beforeEach(async () => {
    control = await controlHarness(folder(), {
      audit: () => ({ id: 'a' }),
      sentinel(method, payload) {
        if (method === 'threat' && (payload as { id: string }).id === other) {
          throw new MagFlockError('MF310', 'no such incident');
        }
        return method === 'threat' ? { id: (payload as { id: string }).id, project: 'main' } : {};
      },
    });
  });
  afterEach(() => control.stop());

  const asked = () => control.asked.filter(({ part }) => part === 'sentinel');
  const acts = () =>
    control.asked
      .filter(({ part, method }) => part === 'audit' && method === 'append')
      .map(({ payload }) => payload as { action: string; target?: string; digest?: string });

  const rows: [string, string, object | undefined, string, unknown, string | null][] = [
    ['GET', '/sentinel', undefined, 'status', null, null],
    ['GET', '/sentinel/threats', undefined, 'threats', {}, null],
    [
      'GET',
      '/sentinel/threats?project=shop&limit=5',
      undefined,
      'threats',
      { project: 'shop', limit: 5 },
      null,
    ],
    ['GET', `/sentinel/threats/${id}`, undefined, 'threat', { id }, null],
    [
      'POST',
      `/sentinel/threats/${id}/feedback`,
      { verdict: 'false-alarm', note: 'a poem' },
      'feedback',
      { id, verdict: 'false-alarm', note: 'a poem' },
      'threat.false-alarm',
    ],
    ['GET', '/sentinel/feedback', undefined, 'feedbackEntries', null, null],
    ['GET', '/sentinel/blocks', undefined, 'blocks', {}, null],
    ['POST', '/sentinel/unblock', { target: '192.0.2.7' }, 'unblock', { target: '192.0.2.7' }, 'block.lift'],
    ['GET', '/sentinel/models', undefined, 'models', null, null],
    ['POST', '/sentinel/models/rescan', {}, 'rescan', null, 'model.rescan'],
    ['POST', '/sentinel/models/promote', { version: 'v2' }, 'promote', { version: 'v2' }, 'model.promote'],
    ['POST', '/sentinel/models/rollback', {}, 'rollback', null, 'model.rollback'],
    ['POST', '/sentinel/models/shadow', { version: null }, 'shadow', { version: null }, 'model.shadow'],
  ];
  for (const [method, path, body, ask, payload, act] of rows) {
    it(`${method} ${path} asks ${ask}${act === null ? '' : `, with ${act} in the trail`}`, async () => {
      const { status, text } = await control.call(method, path, body === undefined ? {} : { body });
      equal(status, 200, text);
      deepEqual(asked(), [{ part: 'sentinel', method: ask, payload }]);
      deepEqual(
        acts().map(({ action }) => action),
        act === null ? [] : [act],
      );
    });
  }

  const wrong: [string, string, object][] = [
    ['POST', `/sentinel/threats/${id}/feedback`, { verdict: 'fine' }],
    ['POST', `/sentinel/threats/${id}/feedback`, { verdict: 'confirmed', note: 'x'.repeat(1001) }],
    ['POST', '/sentinel/unblock', { target: '' }],
    ['POST', '/sentinel/models/shadow', {}],
    ['POST', '/sentinel/statements', { project: 'main', route: 'elsewhere', text: 'select 1' }],
  ];
  for (const [method, path, body] of wrong) {
    it(`refuses ${path} with ${JSON.stringify(body).slice(0, 60)}`, async () => {
      equal((await control.call(method, path, { body })).status, 400);
      deepEqual(asked(), []);
    });
  }

  it('a statement is judged for the operator, who has no address that could be blocked', async () => {
    await control.call('POST', '/sentinel/statements', { body: { project: 'main', text: 'select 1' } });
    const { requestId, ...facts } = asked()[0]!.payload as Record<string, string>;
    deepEqual(facts, { project: 'main', route: 'sql', text: 'select 1', address: 'control-socket' });
    match(requestId ?? '', /^[0-9a-f-]{36}$/);
    match(JSON.stringify(acts()), /"statement\.judge".*"digest":"[0-9a-f]{64}"/);
  });

  it('what is no id is no incident', async () => {
    const { status, json } = await control.call('GET', '/sentinel/threats/..%2f');
    deepEqual([status, json.code], [404, 'MF310']);
  });

  it('threats come live, in order, those of the project only; one that is gone is counted', async () => {
    const abort = new AbortController();
    const before = control.subscriptions();
    const { token, socket } = control;
    const client = connectControl({ socket, token, dataDir: folder(), pid: undefined }, abort.signal);
    const lines: unknown[] = [];
    for await (const line of client.stream<object>('GET', '/sentinel/threats/live?project=main')) {
      if (lines.push(line) === 1) {
        control.emit('threat.detected', { incident: id, project: 'shop' });
        control.emit('threat.detected', { incident: id, project: 'main' });
        control.emit('threat.detected', { incident: other, project: 'main' });
      }
      if (lines.length === 3) break;
    }
    deepEqual(lines, [{ open: true }, { id, project: 'main' }, { dropped: 1 }]);
    while (control.subscriptions() > before) await new Promise((resolve) => setImmediate(resolve));
  });
});
