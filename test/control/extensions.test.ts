import { deepEqual, equal } from 'node:assert/strict';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

const file = '/srv/hello.magx';
const grants = [{ capability: 'db.read', scope: ['orders'] }];
const withReason = [{ reason: '', ...grants[0] }];
const fingerprint = `SHA256:${'a'.repeat(43)}`;

describe('extensions over the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;

  beforeEach(async () => {
    control = await controlHarness(folder(), {
      audit: () => ({ id: 'a' }),
      extensions(method) {
        if (method === 'release') throw new MagFlockError('MF667', 'its key was revoked');
        return { method };
      },
    });
  });
  afterEach(() => control.stop());

  const asked = () =>
    control.asked.filter(({ part }) => part === 'extensions').map(({ method, payload }) => [method, payload]);
  const acts = () =>
    control.asked
      .filter(({ part, method }) => part === 'audit' && method === 'append')
      .map(({ payload }) => payload as { action: string; target?: string });

  const rows: readonly [string, string, unknown, string, unknown, string | null][] = [
    ['GET', '/extensions', undefined, 'list', null, null],
    ['GET', '/extensions/hello', undefined, 'info', { id: 'hello' }, null],
    ['GET', '/extensions/hello/logs?limit=5', undefined, 'logs', { id: 'hello', limit: 5 }, null],
    ['GET', '/cages', undefined, 'cages', null, null],
    ['GET', '/publishers', undefined, 'publishers', null, null],
    ['POST', '/extensions/review', { file }, 'review', { file }, null],
    [
      'POST',
      '/extensions/install',
      { file, projects: ['main'], grants },
      'install',
      { file, projects: ['main'], grants: withReason },
      'extension.install',
    ],
    [
      'POST',
      '/extensions/update',
      { file, projects: [] },
      'update',
      { file, projects: [] },
      'extension.update',
    ],
    [
      'POST',
      '/extensions/hello/decide',
      { accept: true, grants },
      'decideUpdate',
      { id: 'hello', accept: true, grants: withReason },
      'extension.update.decide',
    ],
    [
      'POST',
      '/extensions/hello/grant',
      { capability: 'cache', scope: [] },
      'grant',
      { id: 'hello', capability: 'cache', scope: [] },
      'extension.grant',
    ],
    ['POST', '/extensions/hello/enable', {}, 'enable', { id: 'hello' }, 'extension.enable'],
    ['POST', '/extensions/hello/disable', {}, 'disable', { id: 'hello' }, 'extension.disable'],
    [
      'POST',
      '/extensions/hello/quarantine',
      { reason: 'nosy' },
      'quarantine',
      { id: 'hello', reason: 'nosy' },
      'extension.quarantine',
    ],
    [
      'DELETE',
      '/extensions/hello?keepData=true',
      undefined,
      'remove',
      { id: 'hello', keepData: true },
      'extension.remove',
    ],
    [
      'POST',
      '/publishers',
      { publisher: 'acme', key: 'ed25519:k' },
      'trust',
      { publisher: 'acme', key: 'ed25519:k' },
      'publisher.trust',
    ],
    ['DELETE', '/publishers/acme', undefined, 'distrust', { publisher: 'acme' }, 'publisher.distrust'],
    [
      'POST',
      '/revocations',
      { fingerprint, reason: 'stolen' },
      'revoke',
      { fingerprint, reason: 'stolen' },
      'extension.revoke',
    ],
  ];
  for (const [method, path, body, name, payload, action] of rows) {
    it(`${method} ${path} asks ${name}${action === null ? '' : `, with ${action} in the trail`}`, async () => {
      const answer = await control.call(method, path, body === undefined ? {} : { body });
      deepEqual(answer.json, { method: name });
      deepEqual(asked(), [[name, payload]]);
      deepEqual(
        acts().map((act) => act.action),
        action === null ? [] : [action],
      );
      equal((await control.call(method, path, { token: null })).status, 401);
    });
  }

  const refused: readonly [string, string, unknown][] = [
    ['a relative path', '/extensions/install', { file: 'hello.magx', projects: ['main'] }],
    ['no projects', '/extensions/install', { file }],
    [
      'a capability there is not',
      '/extensions/install',
      { file, projects: [], grants: [{ capability: 'root', scope: [] }] },
    ],
    ['a field it does not know', '/extensions/install', { file, projects: [], force: true }],
    ['a configuration that is no scalar', '/extensions/install', { file, projects: [], config: { a: {} } }],
    ['a name that is none', '/extensions/..%2Fetc/disable', {}],
    ['a quarantine without reason', '/extensions/hello/quarantine', {}],
    ['a fingerprint that is none', '/revocations', { fingerprint: 'SHA256:x', reason: 'y' }],
  ];
  for (const [title, path, body] of refused) {
    it(`refuses ${title}, and asks nobody`, async () => {
      const answer = await control.call('POST', path, { body });
      equal(answer.status, 400);
      deepEqual(asked(), []);
    });
  }

  it('says in the trail when an act failed', async () => {
    const answer = await control.call('POST', '/extensions/hello/release', { body: {} });
    equal(answer.json.code, 'MF667');
    deepEqual(
      acts().map(({ action, target }) => [action, target]),
      [
        ['extension.release', 'hello'],
        ['extension.release.failed', 'hello'],
      ],
    );
  });
});
