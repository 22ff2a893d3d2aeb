import assert from 'node:assert/strict';
import { type TokenBearer, TokenVerifier } from '../../../actors/psu/tokens/token-verifier.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { TokenSettings } from '../../../runtime/protocol/data-api-settings.ts';
import { signJwt } from '../../psu/sign-jwt.ts';
import { testCluster } from '../../support/test-cluster.ts';
import { openRest, type Rest, type RestAnswer } from '../rest/rest-harness.ts';

const secret = 'a secret that is long enough for all';
const settings: TokenSettings = {
  dbAnonRole: 'anon',
  jwtSecret: secret,
  jwtSecretIsBase64: false,
  jwtAud: null,
  jwtRoleClaimKey: '.role',
  jwtCacheMaxEntries: 10,
};

const ddl = `create table items (id int primary key); insert into items values (1); grant all on items to public;
create function who() returns json language sql stable as $$
  select json_build_array(current_user, session_user, current_setting('role'), current_setting('is_superuser')) $$;
create function upper(text) returns text language sql immutable as $$ select 'shadow' $$;
create function upper_of() returns text language sql stable as $$ select upper('a') $$;
create function path() returns text language sql stable as $$ select current_setting('search_path') $$;
create function make_temp() returns text language plpgsql as $$ begin
  create temporary table items (id int); return 'made'; end $$;
create schema extra; grant usage on schema extra to public;
create function extra.pre() returns void language plpgsql as $$ begin
  if current_setting('search_path') not like '%pg_temp' then raise exception 'pg_temp is not last'; end if; end $$;
`;

describe('a verified token with a role that is no role of requests', function () {
  this.timeout(60_000);
  let rest: Rest;
  let project: string;
  let logins: Readonly<Record<string, string>>;

  before(async () => {
    rest = await openRest(ddl, { dbExtraSearchPath: ['extra'], dbPreRequest: 'extra.pre' });
    ({ project } = await rest.catalog());
    const cluster = await testCluster();
    logins = {
      'the superuser': cluster.logins.superuser().user,
      'the owner': cluster.logins.owner(project).user,
      'the login of lanes': cluster.logins.authenticator(project).user,
    };
  });
  after(() => rest.close());

  /** From the token to the answer, as PSU and Storage do it; undefined when the token is not let in. */
  async function as(role: unknown, method = 'POST', target = '/rpc/who'): Promise<RestAnswer | undefined> {
    const verifier = new TokenVerifier({ project, settings, issuer: () => '', now: Date.now });
    let bearer: TokenBearer;
    try {
      bearer = verifier.verify(signJwt({ role, sub: 'me' }, secret));
    } catch (refused) {
      assert.match(MagFlockError.from(refused).code, /^MF21\d$/);
      return undefined;
    }
    return rest.call(method, target, {
      role: bearer.role,
      claims: JSON.parse(bearer.claims),
      ...(method === 'POST' ? { body: {} } : {}),
    });
  }

  it('acts as itself when it may', async () => {
    for (const role of ['anon', 'authenticated', 'service_role']) {
      const answer = await as(role);
      assert.deepEqual(answer?.body, [role, logins['the login of lanes'], role, 'off']);
    }
  });

  for (const who of ['the superuser', 'the owner', 'the login of lanes']) {
    it(`is refused as ${who}`, async () => {
      for (const target of ['/rpc/who', '/items']) {
        const answer = await as(logins[who], 'GET', target);
        if (answer !== undefined) assert.deepEqual([answer.status, answer.code], [403, '42501'], answer.text);
      }
    });
  }

  for (const role of [
    ...['postgres', 'magflock_admin', 'magui_app', 'pg_read_all_data', 'pg_write_all_data', 'pg_monitor'],
    ...[
      'pg_execute_server_program',
      'pg_database_owner',
      'owner_main',
      'authenticator_main',
      'none',
      'NONE',
      ' none',
    ],
    ...['public', 'PUBLIC', 'current_user', 'session_user', 'default', 'nobody', 'Anon', 'anon ', '"anon"'],
    ...[`anon'; set role postgres; --`, 'anon\0', 'ａnon', '\ud800', 'x'.repeat(64), 'service_role\n'],
  ]) {
    it(`is refused as ${JSON.stringify(role)}`, async () => {
      for (const [method, target] of [
        ['POST', '/rpc/who'],
        ['GET', '/items'],
        ['DELETE', '/items'],
      ] as const) {
        const answer = await as(role, method, target);
        if (answer === undefined) continue;
        assert.ok(answer.status === 401 || answer.status === 403, answer.text);
        assert.match(answer.code ?? '', /^(?:42501|22023)$/, answer.text);
      }
      assert.deepEqual(await rest.query('select count(*)::int as n from items'), [{ n: 1 }]);
    });
  }

  for (const role of ['', null, undefined, 7, ['service_role'], { role: 'service_role' }, true]) {
    it(`is a stranger's when its role is ${JSON.stringify(role) ?? 'missing'}, or refused`, async () => {
      const answer = await as(role);
      if (answer === undefined) return;
      if (answer.status < 300) assert.equal(answer.body[0], 'anon');
      else assert.match(answer.code ?? '', /^(?:42501|22023)$/);
    });
  }

  it('finds functions of PostgreSQL before those of the project, and temporary tables last', async () => {
    assert.equal((await as('anon', 'POST', '/rpc/path'))?.body, '"public", "extra", pg_temp');
    assert.equal((await as('anon', 'POST', '/rpc/upper_of'))?.body, 'A');
    assert.equal((await as('anon', 'POST', '/rpc/make_temp'))?.status, 401);
    assert.deepEqual((await as('anon', 'GET', '/items'))?.body, [{ id: 1 }]);
  });

  it('cannot make the path name the temporary schema, nor make functions', async () => {
    for (const profile of ['pg_temp', 'pg_temp_1', 'public,pg_temp']) {
      const answer = await rest.call('GET', '/items', {
        role: 'anon',
        headers: { 'accept-profile': profile },
      });
      assert.equal(answer.status, 406);
    }
    const rights = await rest.query(`select has_schema_privilege('anon', n, 'create') as may
      from unnest(array['public', 'extra', 'mg_sys', 'auth', 'pg_catalog']) n`);
    assert.ok(rights.every(({ may }) => may === false));
    const [temporary] = await rest.query(
      `select has_database_privilege('anon', current_database(), 'temporary') as may`,
    );
    assert.equal(temporary?.['may'], false);
  });
});
