import assert from 'node:assert/strict';
import { withPreRequest } from '../../extensions/maggate/transaction/with-pre-request.ts';
import type { DataApiSettings, GatewayRequest, Plan } from '../../extensions/sdk/index.ts';
import { type DataFront, type FrontOptions, openFront } from './data-front.ts';

const ddl = `
create table note (id int primary key, tenant text not null);
insert into note values (1, 'a'), (2, 'b');
alter table note enable row level security;
create policy own on note to anon using (tenant = current_setting('app.tenant', true));
grant select, insert on note to anon;
create table seen (method text, path text, banned text, host text);
create function check_request() returns void language plpgsql security definer as $$
declare headers json := current_setting('request.headers')::json;
begin
  perform set_config('app.tenant', coalesce(headers->>'x-tenant', ''), true);
  case headers->>'x-how'
    when 'PT429' then raise sqlstate 'PT429' using message = 'slow down', hint = 'Wait a minute.';
    when 'PT401' then raise sqlstate 'PT401' using message = 'sign in';
    when 'PT200' then raise sqlstate 'PT200' using message = 'fine';
    when 'plain' then raise exception 'banned';
    when 'right' then raise insufficient_privilege using message = 'not you';
    when 'json' then raise sqlstate 'PGRST'
      using message = '{"code":"x","message":"quota is used up"}', detail = '{"status":402,"headers":{}}';
    when 'not json' then raise sqlstate 'PGRST' using message = 'quota';
    when 'defect' then perform 1 / (length(headers->>'x-how') - 6);
    when 'note' then insert into seen values (current_setting('request.method'), current_setting('request.path'),
      current_setting('request.cookies')::json->>'banned', current_setting('app.settings.host'));
    else null;
  end case;
end $$;
`;

const requests: readonly [method: string, target: string, options: FrontOptions][] = [
  ['GET', '/api/note', {}],
  ['GET', '/api/note/1', {}],
  ['GET', '/api/note?cursor=', {}],
  ['POST', '/api/note', { body: { id: 9, tenant: 'a' } }],
  ['PATCH', '/api/note/1', { body: { tenant: 'c' } }],
  ['DELETE', '/api/note/1', {}],
  ['POST', '/batch/v1', { body: { operations: [{ op: 'delete', table: 'note', where: { id: 1 } }] } }],
  ['GET', '/api', { role: 'anon' }],
];

describe('the function of a project before every request', function () {
  this.timeout(30_000);
  let front: DataFront;
  before(async () => {
    front = await openFront(ddl);
    await front.set({ dbPreRequest: 'check_request', appSettings: { host: 'h1' } });
  });
  after(() => front.close());

  for (const [method, target, options] of requests) {
    it(`refuses by a header: ${method} ${target} as ${options.role ?? 'service_role'}`, async () => {
      const { status, headers, body } = await front.send(method, target, {
        ...options,
        headers: { 'x-how': 'PT429' },
      });
      assert.deepEqual(
        [status, body.status, body.code, body.detail, body.fix],
        [429, 429, 'MF436', 'slow down', 'Wait a minute.'],
      );
      assert.equal(headers.get('content-type'), 'application/problem+json');
      assert.equal((await front.query('select id, tenant from note order by id'))[0]?.['tenant'], 'a');
    });
  }

  for (const [how, status, code, detail] of [
    ['PT401', 401, 'MF436', 'sign in'],
    ['PT200', 403, 'MF436', 'fine'],
    ['plain', 400, 'MF436', 'banned'],
    ['right', 403, 'MF436', 'not you'],
    ['json', 402, 'MF436', 'quota is used up'],
    ['not json', 403, 'MF436', 'The project refuses this request.'],
    ['defect', 500, 'MF500', 'The function before every request failed with SQLSTATE 22012.'],
  ] as const) {
    it(`may refuse in its own way, with or without an Idempotency-Key: ${how}`, async () => {
      for (const more of [{}, { 'idempotency-key': `"${how}"` }] as Record<string, string>[]) {
        const { body, ...answer } = await front.send('POST', '/api/note', {
          body: { id: 9, tenant: 'a' },
          headers: { 'x-how': how, ...more },
        });
        assert.deepEqual([answer.status, body.code, body.detail], [status, code, detail]);
        assert.equal(answer.headers.has('www-authenticate'), status === 401);
      }
      assert.deepEqual(await front.query('select id from note where id = 9'), []);
    });
  }

  it('sets what the policies read', async () => {
    const listed = async (tenant: string): Promise<unknown> => {
      const options = { role: 'anon', headers: { 'x-tenant': tenant } };
      const list = (await front.send('GET', '/api/note', options)).body.data;
      const body = { operations: [{ op: 'select', table: 'note' }] };
      const { results } = (await front.send('POST', '/batch/v1', { ...options, body })).body;
      assert.deepEqual(results[0].data, list);
      return list;
    };
    assert.deepEqual(await listed('a'), [{ id: 1, tenant: 'a' }]);
    assert.deepEqual(await listed('b'), [{ id: 2, tenant: 'b' }]);
    assert.deepEqual(await listed(''), []);
  });

  it('reads what the request is, in all three dialects', async () => {
    const headers = { 'x-how': 'note', cookie: 'banned=no' };
    const write = { id: 20, tenant: 'z' };
    for (const target of ['/api/note', '/rest/v1/note', '/batch/v1']) {
      const own =
        target === '/batch/v1'
          ? { operations: [{ op: 'insert', table: 'note', data: { ...write, id: 21 } }] }
          : write;
      await front.send('POST', target, { body: own, headers });
      await front.query('delete from note where id > 9');
    }
    assert.deepEqual(
      (await front.query('select * from seen')).map((row) => Object.values(row)),
      ['/note', '/note', '/batch/v1'].map((path) => ['POST', path, 'no', 'h1']),
    );
  });

  it('an error of the plan itself is told as ever', async () => {
    const { status, body } = await front.send('POST', '/api/note', { body: { id: 1, tenant: 'a' } });
    assert.deepEqual([status, body.code], [409, 'MF409']);
  });

  it('where there is none a plan is the same object', () => {
    const plan = {} as Plan;
    const request = {} as GatewayRequest;
    const settings = { dbPreRequest: null, appSettings: { host: 'h1' } } as unknown as DataApiSettings;
    assert.equal(withPreRequest(plan, settings, request, '/'), plan);
    assert.equal(withPreRequest(plan, undefined, request, '/'), plan);
    assert.deepEqual(plan, {});
  });
});
