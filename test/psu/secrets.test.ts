import { deepEqual, equal, notEqual, ok, rejects, throws } from 'node:assert/strict';
import { controlRoutes } from '../../actors/control/control-routes.ts';
import { SecretBox } from '../../actors/psu/secret-box.ts';
import { SecretKeeper } from '../../actors/psu/secret-keeper.ts';
import { FakeStorage } from '../support/fake-storage.ts';

const key = '7a'.repeat(32);

describe('secrets', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let keeper: SecretKeeper;

  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
  });
  after(() => storage.close());
  beforeEach(async () => {
    await storage.sql('control', 'delete from cp_core.secrets');
    storage.before = () => {};
    keeper = new SecretKeeper({ ask: storage.ask }, new SecretBox(key));
  });

  const stored = () => storage.sql('control', 'select * from cp_core.secrets order by project, name');

  it('are read back as they were set, and are not readable in the database or in what is asked of it', async () => {
    const value = 'hunter2 \u{1f511}\nsecond line';
    const asked: string[] = [];
    storage.before = ({ text, values }) => void asked.push(text + JSON.stringify(values ?? []));
    const info = await keeper.set('main', 'mail.token', value);
    deepEqual([info.project, info.name], ['main', 'mail.token']);
    deepEqual(await keeper.read('main', 'mail.token'), { value });
    const [row] = await stored();
    const bytes = Buffer.from(row.sealed);
    ok(!bytes.includes('hunter2'));
    ok(!asked.join().includes('hunter2'));
    ok(!asked.join().includes(Buffer.from('hunter2').toString('hex')));
  });

  it('are listed by name and time, never with a value', async () => {
    await keeper.set('main', 'b', 'two');
    await keeper.set('main', 'a', 'one');
    await keeper.set('shop', 'c', 'three');
    const list = await keeper.list('main');
    deepEqual(
      list.map((secret) => Object.keys(secret)),
      list.map(() => ['project', 'name', 'updatedAt']),
    );
    deepEqual(
      list.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('are replaced by setting them again, and sealed anew even with the same value', async () => {
    await keeper.set('main', 'a', 'one');
    const [before] = await stored();
    await keeper.set('main', 'a', 'one');
    const [after] = await stored();
    notEqual(before.sealed.toString('hex'), after.sealed.toString('hex'));
    notEqual(before.nonce.toString('hex'), after.nonce.toString('hex'));
    await keeper.set('main', 'a', 'two');
    deepEqual(await keeper.read('main', 'a'), { value: 'two' });
  });

  it('of one project are not those of another, nor are those of a name of another name', async () => {
    await keeper.set('main', 'a', 'one');
    await rejects(keeper.read('shop', 'a'), { code: 'MF671' });
    await storage.sql(
      'control',
      `insert into cp_core.secrets (project, name, nonce, sealed)
       select 'shop', 'a', nonce, sealed from cp_core.secrets union all
       select 'main', 'b', nonce, sealed from cp_core.secrets`,
    );
    await rejects(keeper.read('shop', 'a'), { code: 'MF671' });
    await rejects(keeper.read('main', 'b'), { code: 'MF671' });
    deepEqual(await keeper.read('main', 'a'), { value: 'one' });
  });

  it('that were altered, cut or sealed with another key do not open', async () => {
    await keeper.set('main', 'a', 'one');
    const other = new SecretKeeper({ ask: storage.ask }, new SecretBox('7b'.repeat(32)));
    await rejects(other.read('main', 'a'), { code: 'MF671' });
    for (const change of [
      'sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 1)',
      'sealed = substr(sealed, 2)',
      'nonce = set_byte(nonce, 0, get_byte(nonce, 0) # 1)',
    ]) {
      await keeper.set('main', 'a', 'one');
      await storage.sql('control', `update cp_core.secrets set ${change}`);
      await rejects(keeper.read('main', 'a'), { code: 'MF671' }, change);
    }
  });

  it('go one by one, and with their project', async () => {
    await keeper.set('main', 'mail.token', 'one');
    deepEqual(await keeper.remove('main', 'mail.token'), { name: 'mail.token' });
    await rejects(keeper.remove('main', 'mail.token'), { code: 'MF671' });
    await storage.addProject('gone');
    await keeper.set('gone', 'a', 'one');
    await storage.removeProject('gone');
    deepEqual(await stored(), []);
  });

  it('that are not there are named with the nearest one', async () => {
    await keeper.set('main', 'mail.token', 'one');
    await rejects(keeper.read('main', 'mail.tokn'), { code: 'MF671', fix: 'Did you mean "mail.token"?' });
  });

  for (const [what, name, value] of [
    ['an empty value', 'a', ''],
    ['a value over 64 kB', 'a', 'x'.repeat(65_537)],
    ['a value over 64 kB in bytes', 'a', 'é'.repeat(40_000)],
    ['an empty name', '', 'x'],
    ['a name with a slash', '../a', 'x'],
    ['a name with a zero byte', 'a\0b', 'x'],
    ['a name over 100 characters', 'a'.repeat(101), 'x'],
  ] as const) {
    it(`refuses ${what}, without repeating the value`, async () => {
      await rejects(keeper.set('main', name, value), (error: { code: string; message: string }) => {
        equal(error.code, 'MF671');
        ok(value.length < 10 || !error.message.includes(value));
        return true;
      });
      deepEqual(await stored(), []);
    });
  }

  it('takes a value of exactly 64 kB', async () => {
    await keeper.set('main', 'a', 'x'.repeat(65_536));
    equal((await keeper.read('main', 'a')).value.length, 65_536);
  });

  it('of a project that is not there are not stored', async () => {
    await rejects(keeper.set('nowhere', 'a', 'x'), { code: 'MF508' });
  });

  it('want a whole key', () => {
    throws(() => new SecretBox('7a'), TypeError);
  });

  it('are not read over the control socket', () => {
    const routes = controlRoutes.filter(({ path }) => path.startsWith('/secrets'));
    deepEqual(
      routes.map(({ method, path, act }) => [method, path, act !== undefined]),
      [
        ['get', '/secrets', false],
        ['post', '/secrets/:name', true],
        ['delete', '/secrets/:name', true],
      ],
    );
  });
});
