import { deepEqual, equal, rejects } from 'node:assert/strict';
import { Client } from 'pg';
import { FakeStorage } from '../support/fake-storage.ts';

const id = '01890000-0000-7000-8000-000000000001';

/** Who may do what with the outbox. Roles are switched to as the lanes do it. */
describe('rights on the outbox', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let client: Client;
  before(async () => {
    storage = await FakeStorage.create(['main']);
    client = new Client(storage.connection('project:main'));
    await client.connect();
    await client.query(`create role outbox_stranger nologin`).catch(() => {});
  });
  after(async () => {
    await client.query('reset role');
    await client.query('drop role if exists outbox_stranger');
    await client.end();
    await storage.close();
  });
  beforeEach(() => client.query('begin'));
  afterEach(() => client.query('rollback'));

  for (const role of ['anon', 'authenticated', 'service_role']) {
    it(`${role} appends`, async () => {
      await client.query(`set local role ${role}`);
      await client.query('select mg_sys.append_outbox($1, $2, $3)', [id, '{}', 'mac']);
      await client.query('reset role');
      const { rows } = await client.query('select id::text, entry, mac from mg_sys.outbox');
      deepEqual(rows, [{ id, entry: '{}', mac: 'mac' }]);
    });
    for (const statement of [
      'select * from mg_sys.outbox',
      `insert into mg_sys.outbox (id, entry, mac) values ('${id}', '{}', '')`,
      'delete from mg_sys.outbox',
      `update mg_sys.outbox set entry = '{}'`,
      'truncate mg_sys.outbox',
      'drop table mg_sys.outbox',
      'drop function mg_sys.append_outbox(uuid, text, text)',
      `select nextval('mg_sys.outbox_position_seq')`,
    ]) {
      it(`${role} is refused: ${statement.slice(0, 40)}`, async () => {
        await client.query(`set local role ${role}`);
        await rejects(client.query(statement), { code: '42501' });
      });
    }
  }

  it('another role may not even append', async () => {
    await client.query('set local role outbox_stranger');
    await rejects(client.query('select mg_sys.append_outbox($1, $2, $3)', [id, '{}', 'mac']), {
      code: '42501',
    });
  });

  it('a temporary table or function of the caller does not get in between', async () => {
    await client.query('create temp table outbox (id uuid, entry text, mac text)');
    await client.query('set local search_path = pg_temp, public');
    await client.query('select mg_sys.append_outbox($1, $2, $3)', [id, '{}', 'mac']);
    equal((await client.query('select 1 from mg_sys.outbox')).rowCount, 1);
    equal((await client.query('select 1 from pg_temp.outbox')).rowCount, 0);
  });

  for (const [name, row] of [
    ['an entry over 16 KiB', [id, 'x'.repeat(16_385), 'mac']],
    ['a MAC that is none', [id, '{}', 'x'.repeat(65)]],
  ] as const) {
    it(`takes no row with ${name}`, async () => {
      await rejects(client.query('select mg_sys.append_outbox($1, $2, $3)', [...row]), { code: '23514' });
    });
  }

  it('takes one id once', async () => {
    await client.query('select mg_sys.append_outbox($1, $2, $3)', [id, '{}', 'mac']);
    await rejects(client.query('select mg_sys.append_outbox($1, $2, $3)', [id, '{}', 'mac']), {
      code: '23505',
    });
  });
});
