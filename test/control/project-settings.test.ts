import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

describe('settings of a project over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;
  let versions: number[];

  beforeEach(async () => {
    versions = [3, 3, 4];
    control = await controlHarness(folder(), {
      storage: (method, payload) => {
        if (method !== 'query') return { dbMaxRows: 7 };
        const { values } = payload as { values?: [readonly string[]] };
        const rows = values?.[0].filter((name) => name === 'nope').map((name) => ({ name }));
        return { rows: rows ?? [{ version: 4 }], count: 1 };
      },
      psu: () => ({ jwtSecret: '(set)' }),
      maggate: () => ({ version: versions.shift() }),
    });
  });
  afterEach(() => control.stop());

  const asked = (part: string) => control.asked.filter((one) => one.part === part);
  const post = (body: unknown) => control.call('POST', '/projects/shop/settings', { body });

  it('are those of all parts together', async () => {
    const answer = await control.call('GET', '/projects/shop/settings');
    deepEqual(answer.json, { dbMaxRows: 7, jwtSecret: '(set)' });
    deepEqual(
      control.asked.map(({ method, payload }) => [method, payload]),
      [
        ['dataApiSettings', { project: 'shop' }],
        ['tokenSettings', { project: 'shop' }],
      ],
    );
  });

  it('go to the part that keeps them, and the answer waits until the gateway has the version they made', async () => {
    const answer = await post({ changes: { dbMaxRows: 7, jwtAud: 'us' }, unset: ['dbAnonRole'] });
    equal(answer.status, 200);
    deepEqual(asked('psu')[0]?.payload, { project: 'shop', changes: { jwtAud: 'us', dbAnonRole: 'anon' } });
    deepEqual(asked('storage')[0]?.payload, { project: 'shop', changes: { dbMaxRows: 7 } });
    equal(asked('maggate').length, 3);
  });

  it('say which schemas are not there, and are stored all the same', async () => {
    const { status, json } = await post({ changes: { dbSchemas: ['public', 'nope'] } });
    equal(status, 200);
    deepEqual(json.warnings, ['there is no schema "nope" in project shop; it is served once it is made']);
    equal(asked('storage')[0]?.method, 'setDataApiSettings');
    versions = [4];
    equal((await post({ changes: { dbSchemas: ['public'] } })).json.warnings, undefined);
  });

  it('of tokens alone need no gateway', async () => {
    await post({ changes: { jwtAud: 'us' } });
    deepEqual(asked('maggate'), []);
    deepEqual(
      asked('storage').map(({ method }) => method),
      ['dataApiSettings'],
    );
  });

  it('are in the trail by name, never by value', async () => {
    await post({ changes: { jwtSecret: 'hunter2hunter2hunter2hunter2hunter2', dbMaxRows: 7 } });
    const [entry] = asked('audit');
    const { action, project, target } = entry!.payload as Record<string, string>;
    deepEqual([action, project, target], ['project.settings', 'shop', 'dbMaxRows, jwtSecret']);
    ok(!JSON.stringify(asked('audit')).includes('hunter2'));
  });

  for (const [what, body] of [
    ['an unknown name', { changes: { hunter2: 1 } }],
    ['an unknown name to unset', { unset: ['hunter2'] }],
    ['a wrong value beside a right one', { changes: { dbMaxRows: 7, dbSchemas: ['mg_sys'] } }],
  ] as const) {
    it(`with ${what} are refused before anything is done or recorded`, async () => {
      const answer = await post(body);
      equal(answer.status, 400);
      match(answer.text, /MF520/);
      deepEqual(control.asked, []);
    });
  }
});
