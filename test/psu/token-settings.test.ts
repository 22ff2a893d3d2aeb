import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { KeyDelta } from '../../actors/psu/key-record.ts';
import { SecretBox } from '../../actors/psu/secret-box.ts';
import { TokenSettingsKeeper } from '../../actors/psu/token-settings-keeper.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { FakeStorage } from '../support/fake-storage.ts';

const secret = 'correct horse battery staple, or so';

describe('token settings', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let published: KeyDelta[];
  let unusable: string[];
  let publish: (delta: KeyDelta) => Promise<void>;

  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
  });
  after(() => storage.close());
  beforeEach(async () => {
    await storage.sql('control', 'delete from cp_core.token_settings');
    storage.before = () => {};
    published = [];
    unusable = [];
    publish = async (delta) => void published.push(delta);
  });

  async function keeper(key = '7a'.repeat(32)): Promise<TokenSettingsKeeper> {
    const made = new TokenSettingsKeeper({
      storage: { ask: storage.ask },
      box: new SecretBox(key),
      publish: (delta) => publish(delta),
      unusable: (project) => unusable.push(project),
    });
    await made.load();
    return made;
  }

  it('are the defaults at first: anon, and no tokens', async () => {
    deepEqual(await (await keeper()).show('main'), {
      dbAnonRole: 'anon',
      jwtSecret: null,
      jwtSecretIsBase64: false,
      jwtAud: null,
      jwtRoleClaimKey: '.role',
      jwtCacheMaxEntries: 1000,
    });
  });

  it('are in the CPU threads before they are answered, and there with the secret', async () => {
    const changed = await (await keeper()).change('main', { jwtSecret: secret, jwtAud: 'us' });
    deepEqual([changed.jwtSecret, changed.jwtAud], ['(set)', 'us']);
    deepEqual(
      published.map(({ tokens }) => [tokens?.project, tokens?.settings?.jwtSecret, tokens?.settings?.jwtAud]),
      [['main', secret, 'us']],
    );
  });

  it('are read again after a restart; the database and its statements never have the secret as it is', async () => {
    const asked: string[] = [];
    storage.before = ({ text, values }) => void asked.push(text + JSON.stringify(values ?? []));
    await (await keeper()).change('main', { jwtSecret: secret, dbAnonRole: null });
    const again = await keeper();
    deepEqual(
      again.snapshot().map(({ project, settings }) => [project, settings.jwtSecret, settings.dbAnonRole]),
      [['main', secret, null]],
    );
    const [row] = await storage.sql('control', 'select * from cp_core.token_settings');
    const seen = JSON.stringify(row) + Buffer.from(row.sealed).toString('latin1') + asked.join();
    ok(!seen.includes('horse') && !seen.includes(Buffer.from(secret).toString('hex')));
  });

  it('sealed with another master key let nobody in', async () => {
    await (await keeper()).change('main', { jwtSecret: secret });
    const other = await keeper('7b'.repeat(32));
    deepEqual(unusable, ['main']);
    const [{ settings }] = other.snapshot() as [ReturnType<TokenSettingsKeeper['snapshot']>[number]];
    deepEqual([settings.jwtSecret, settings.dbAnonRole], [null, null]);
  });

  it('are sealed for their project: a row moved to another project opens nothing', async () => {
    await (await keeper()).change('main', { jwtSecret: secret });
    await storage.sql('control', `update cp_core.token_settings set project = 'shop'`);
    await keeper();
    deepEqual(unusable, ['shop']);
  });

  for (const [what, changes, says] of [
    ['a short secret', { jwtSecret: 'hunter2' }, /^jwtSecret: it has fewer than 32 bytes/],
    [
      'a secret that is not base64',
      { jwtSecret: secret, jwtSecretIsBase64: true },
      /^jwtSecret: it is not base64/,
    ],
    ['a path that is none', { jwtRoleClaimKey: 'role' }, /^jwtRoleClaimKey: not understood/],
    ['a setting that is none', { jwtSecrets: 'x' }, /There is no setting/],
    ['a setting of the data API', { dbMaxRows: 1 }, /There is no setting/],
  ] as const) {
    it(`with ${what} are refused, and nothing of them is kept or shown`, async () => {
      const kept = await keeper();
      const thrown = await kept.change('main', { jwtCacheMaxEntries: 5, ...changes }).then(
        () => new Error('accepted'),
        (error: Error) => error,
      );
      ok(says.test(thrown.message), thrown.message);
      ok(!JSON.stringify(MagFlockError.from(thrown).toEnvelope()).includes('hunter2'));
      equal((await kept.show('main')).jwtCacheMaxEntries, 1000);
      deepEqual([published, await storage.sql('control', 'select 1 from cp_core.token_settings')], [[], []]);
    });
  }

  it('that make the stored secret unfit are refused as well', async () => {
    const kept = await keeper();
    await kept.change('main', { jwtSecret: secret });
    await rejects(kept.change('main', { jwtSecretIsBase64: true }), { code: 'MF520' });
    equal((await kept.show('main')).jwtSecretIsBase64, false);
  });

  it('of an unknown project are MF508', async () => {
    const kept = await keeper();
    await rejects(kept.change('nowhere', { jwtAud: 'a' }), { code: 'MF508' });
    await rejects(kept.show('nowhere'), { code: 'MF508' });
  });

  it('that not every CPU thread has confirmed are MF209 and hold all the same', async () => {
    const kept = await keeper();
    publish = async () => {
      throw new MagFlockError('MF602', 'a thread was silent');
    };
    await rejects(kept.change('main', { jwtAud: 'a' }), { code: 'MF209' });
    equal((await kept.show('main')).jwtAud, 'a');
  });

  it('go with their project, and its next one does not inherit them', async () => {
    await storage.addProject('brief');
    const kept = await keeper();
    await kept.change('brief', { jwtSecret: secret });
    await storage.removeProject('brief');
    await kept.reload('brief');
    deepEqual(published.at(-1)?.tokens, { project: 'brief', settings: null });
    notEqual(published.length, 1);
    deepEqual(kept.snapshot(), []);
  });
});
