import assert from 'node:assert/strict';
import { sqlstateStatus } from '../../../extensions/maggate/dialects/rest/errors/sqlstate-status.ts';
import { refuseRest } from '../../../extensions/maggate/dialects/rest/refuse-rest.ts';
import { DatabaseFailure } from '../../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { openRest, type Rest, type RestOptions } from './rest-harness.ts';

const ddl = `
create table parent (id int primary key);
create table child (id int primary key, parent int references parent, n int check (n > 0));
insert into parent values (1), (2);
insert into child values (1, 1, 1);
create table secret (id int);
create table round (id int);
alter table round enable row level security;
create policy itself on round using (exists (select from round));
grant select on round to authenticated;
create function raise(code text, message text, detail text default null, hint text default null) returns void
  language plpgsql as $$ begin
    if detail is null then raise exception using errcode = code, message = message;
    else raise exception using errcode = code, message = message, detail = detail, hint = coalesce(hint, '');
    end if;
  end $$;
create function write() returns void language sql as 'delete from child';
create view several as select (select id from parent) as id;
`;

const json = JSON.stringify;
const raise = (code: string, message: string, detail?: string, hint?: string): RestOptions => ({
  body: {
    code,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  },
});
const object = { headers: { accept: 'application/vnd.pgrst.object+json' } };
const said = json({ code: '123', message: 'ABC', details: 'DEF', hint: 'XYZ' });
const notSaid = {
  code: 'PGRST121',
  message: 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
};

type Row = readonly [
  name: string,
  request: readonly [method: string, target: string, options?: RestOptions],
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers?: Readonly<Record<string, string | undefined>>,
];

const rows: readonly Row[] = [
  [
    'a row that is there',
    ['POST', '/parent', { body: { id: 1 } }],
    409,
    {
      code: '23505',
      message: 'duplicate key value violates unique constraint "parent_pkey"',
      details: 'Key (id)=(1) already exists.',
      hint: null,
    },
    { 'content-type': 'application/json; charset=utf-8', 'proxy-status': 'PostgREST; error=23505' },
  ],
  ['a row that is not there', ['POST', '/child', { body: { id: 2, parent: 9 } }], 409, { code: '23503' }],
  ['a value that is checked', ['POST', '/child', { body: { id: 2, n: 0 } }], 400, { code: '23514' }],
  ['a value of another type', ['GET', '/parent?id=eq.x'], 400, { code: '22P02' }],
  ['a column that is not there', ['GET', '/parent?no=eq.1'], 400, { code: '42703' }],
  [
    'a right that nobody has',
    ['GET', '/secret', { role: 'anon' }],
    401,
    { code: '42501', message: 'permission denied for table secret' },
    { 'www-authenticate': 'Bearer' },
  ],
  [
    'a right that somebody lacks',
    ['GET', '/secret', { role: 'authenticated' }],
    403,
    { code: '42501' },
    { 'www-authenticate': undefined },
  ],
  [
    'a role that is not there',
    ['GET', '/secret', { role: 'no one' }],
    401,
    { code: '22023', message: 'role "no one" does not exist' },
    { 'www-authenticate': 'Bearer' },
  ],
  ['a policy that asks itself', ['GET', '/round', { role: 'authenticated' }], 500, { code: '42P17' }],
  ['a sub-select of two rows', ['GET', '/several'], 500, { code: '21000' }],
  ['a write on GET', ['GET', '/rpc/write'], 405, { code: '25006' }],
  [
    'several rows for one object, undone',
    ['DELETE', '/parent', object],
    406,
    { code: 'PGRST116', details: 'The result contains 2 rows' },
  ],
  [
    'too many rows, undone',
    ['DELETE', '/parent', { headers: { prefer: 'handling=strict, max-affected=1' } }],
    400,
    { code: 'PGRST124', details: 'The query affects 2 rows', hint: null },
  ],
  ['another key', ['PUT', '/parent?id=eq.5', { body: { id: 6 } }], 400, { code: 'PGRST115' }],
  ['a raise', ['POST', '/rpc/raise', raise('P0001', 'no')], 400, { code: 'P0001', message: 'no' }],
  [
    'a raise with its status',
    ['POST', '/rpc/raise', raise('PT402', 'Payment Required', 'Quota exceeded', 'Upgrade your plan')],
    402,
    { code: 'PT402', message: 'Payment Required', details: 'Quota exceeded', hint: 'Upgrade your plan' },
  ],
  ['a raise with no status', ['POST', '/rpc/raise', raise('PT1AB', 'x')], 500, { code: 'PT1AB' }],
  ['a raise with no final status', ['POST', '/rpc/raise', raise('PT100', 'x')], 500, { code: 'PT100' }],
  ['a code of its own', ['POST', '/rpc/raise', raise('EABC1', 'x')], 400, { code: 'EABC1', message: 'x' }],
  [
    'our own code, which changes nothing',
    ['POST', '/rpc/raise', raise('MFG01', 'Cannot see this')],
    400,
    { code: 'MFG01', message: 'Cannot see this' },
  ],
  [
    'a whole answer',
    [
      'POST',
      '/rpc/raise',
      raise('PGRST', said, json({ status: 332, status_text: 'x', headers: { 'X-A': 'b' } })),
    ],
    332,
    { code: '123', message: 'ABC', details: 'DEF', hint: 'XYZ' },
    { 'x-a': 'b', 'proxy-status': 'PostgREST; error=123' },
  ],
  [
    'an answer that is no JSON',
    ['POST', '/rpc/raise', raise('PGRST', 'INVALID', json({ status: 400, headers: {} }))],
    500,
    {
      ...notSaid,
      details: "Invalid JSON value for MESSAGE: 'INVALID'",
      hint: "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.",
    },
  ],
  [
    'an answer without its other half',
    ['POST', '/rpc/raise', raise('PGRST', said)],
    500,
    {
      ...notSaid,
      details: 'DETAIL is missing in the RAISE statement',
      hint: "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.",
    },
  ],
  ...[
    'x',
    '[]',
    '{"headers":{}}',
    '{"status":400}',
    '{"status":"400","headers":{}}',
    '{"status":99,"headers":{}}',
    '{"status":400,"headers":{"a":1}}',
    '{"status":400,"headers":{"a":"b\\r\\nc: d"}}',
  ].map(
    (detail): Row => [
      `an answer with ${detail}`,
      ['POST', '/rpc/raise', raise('PGRST', said, detail)],
      500,
      { ...notSaid, details: `Invalid JSON value for DETAIL: '${detail}'` },
    ],
  ),
];

describe('errors of PostgreSQL in the PostgREST dialect', function () {
  this.timeout(20_000);
  let rest: Rest;

  before(async () => {
    rest = await openRest(ddl);
  });
  after(() => rest.close());

  for (const [name, [method, target, options], status, expected, headers = {}] of rows) {
    it(`tell ${name}`, async () => {
      const answer = await rest.call(method, target, options);
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(Object.keys(answer.body), ['code', 'message', 'details', 'hint']);
      for (const [key, value] of Object.entries(expected)) assert.equal(answer.body[key], value);
      for (const [header, value] of Object.entries(headers)) assert.equal(answer.headers[header], value);
      assert.equal(answer.code, answer.body.code);
    });
  }

  it('leave nothing behind of what was refused', async () => {
    const found = await rest.query('select id from parent order by id');
    assert.deepEqual(
      found.map(({ id }) => id),
      [1, 2],
    );
  });

  it('say code and message only, where the project wants that', async () => {
    await rest.set({ clientErrorVerbosity: 'minimal' });
    const { body } = await rest.call('POST', '/parent', { body: { id: 1 } });
    assert.deepEqual(Object.keys(body), ['code', 'message']);
    const unplanned = await rest.call('GET', '/no_table');
    assert.deepEqual(Object.keys(unplanned.body), ['code', 'message']);
  });
});

describe('the status of an SQLSTATE', () => {
  for (const [sqlstate, message, status] of [
    ['08006', '', 503],
    ['0LP01', '', 403],
    ['21000', 'UPDATE requires a WHERE clause', 400],
    ['22023', 'role "x" does not exist', 401],
    ['22023', 'role "x" may not', 400],
    ['28000', '', 403],
    ['40001', '', 500],
    ['42883', 'function xmlagg(x) does not exist', 406],
    ['42883', 'function f() does not exist', 404],
    ['42P01', '', 404],
    ['53300', '', 503],
    ['53400', '', 500],
    ['54001', '', 500],
    ['57014', '', 500],
    ['57P01', '', 503],
    ['P0002', '', 500],
    ['XX000', '', 500],
    ['99999', '', 400],
  ] as const) {
    it(`is ${status} for ${sqlstate} ${message}`, () => {
      assert.equal(sqlstateStatus(sqlstate, message, true), status);
    });
  }
});

describe('refusals of the host in the PostgREST dialect', () => {
  const request = { project: 'main', mount: '/rest/v1', mountedPath: '/x', method: 'GET', headers: {} };
  const refusal = (error: MagFlockError) => {
    const { status, headers, body } = refuseRest(undefined, request, error);
    return { status, headers, body: JSON.parse(body as string) };
  };

  it('tell a token in the words of the dialect', () => {
    const pgrst = { code: 'PGRST303', message: 'JWT expired', details: null, hint: null };
    const authenticate = 'Bearer error="invalid_token", error_description="JWT expired"';
    const { status, headers, body } = refusal(
      new MagFlockError('MF212', 'JWT expired', { details: { pgrst, authenticate } }),
    );
    assert.equal(status, 401);
    assert.deepEqual(body, pgrst);
    assert.equal(headers['WWW-Authenticate'], authenticate);
    assert.equal(headers['Proxy-Status'], 'PostgREST; error=PGRST303');
  });

  it('tell what PostgreSQL ended in its own words', () => {
    const facts = { sqlstate: '57014', message: 'canceling statement due to statement timeout' };
    const cause = new DatabaseFailure(facts as DatabaseFailure['facts']);
    const { status, body } = refusal(
      new MagFlockError('MF504', 'Canceling statement due to statement timeout.', { cause }),
    );
    assert.equal(status, 500);
    assert.deepEqual(body, { code: '57014', message: facts.message, details: null, hint: null });
  });

  it('name the incident of a blocked request', () => {
    const { status, body } = refusal(
      new MagFlockError('MF301', 'The request was blocked.', { details: { incident: 'i-1' } }),
    );
    assert.equal(status, 403);
    assert.deepEqual([body.code, body.details], ['MF301', 'The incident is i-1.']);
  });

  it('keep the code and the way out of any other', () => {
    const { status, headers, body } = refusal(new MagFlockError('MF201', 'No key.', { fix: 'Send one.' }));
    assert.equal(status, 401);
    assert.deepEqual(body, { code: 'MF201', message: 'No key.', details: null, hint: 'Send one.' });
    assert.equal(headers['WWW-Authenticate'], 'Bearer');
  });
});
