import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { LaneConnection } from '../../actors/storage/postgres/pipeline/lane-connection.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { type LaneBed, laneBed } from '../support/postgres-lanes.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** The rules of the pipelined lane (architecture.md §5), each seen to fail without it. */
describe('the pipelined lane', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: LaneBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(`
      create table item (id int primary key, name text not null, price numeric);
      insert into item select i, 'item ' || i, i from generate_series(1, 1000) i;
      grant select on item to anon;
      create table once (id int primary key, parent int references item deferrable initially deferred);
      create table wide (small smallint, day date);
      -- What a project may do to its own requests: change settings of the session they share.
      create function meddle(name text, value text) returns text language sql as 'select set_config($1, $2, false)';
      create function shadow() returns int language plpgsql as $$
        begin create temporary table item as select 666 as id, 'shadow' as name; return 1; end $$;
      create function who() returns text language sql stable as 'select session_user || '' '' || current_user';
      create function work(ms int) returns text language plpgsql as $$
        declare until timestamptz := clock_timestamp() + ms * interval '1 ms';
        begin while clock_timestamp() < until loop perform 1; end loop; return 'done'; end $$;
    `);
  });
  after(async () => {
    await project.remove();
  });
  beforeEach(() => {
    bed = laneBed(cluster, project.ref);
  });
  afterEach(async () => {
    await bed.close();
    equal(bed.lanes.connections, 0);
  });

  const where = `concat_ws('|', current_user, current_setting('request.jwt.claims'), current_setting('search_path'),
    current_setting('statement_timeout'), current_setting('transaction_read_only'), current_setting('row_security'))`;

  it('sets role, claims, path, timeout, access and row security for each transaction', async () => {
    equal(
      await bed.read(where, { role: 'anon', claims: '{"role":"anon"}' }),
      'anon|{"role":"anon"}|public, pg_temp|2s|on|on',
    );
    equal((await bed.write(where)).body, 'service_role|{"role":"service_role"}|public, pg_temp|2s|off|on');
  });

  it('lets no setting of one request reach the next', async () => {
    for (const [name, value] of [
      ['request.jwt.claims', '{"role":"admin"}'],
      ['search_path', 'pg_temp'],
      ['statement_timeout', '0'],
      ['row_security', 'off'],
      ['role', 'service_role'],
    ] as const) {
      await bed.read(`meddle('${name}', '${value}')`, { role: 'anon' });
      equal(await bed.read(where, { role: 'anon', claims: '{}' }), 'anon|{}|public, pg_temp|2s|on|on', name);
    }
    equal(bed.lanes.connections > 0, true);
  });

  it('gives up a connection whose session a request changed in a way that shows in answers', async () => {
    const zone = `current_setting('timezone')`;
    equal(await bed.read(zone), 'UTC');
    await bed.read(`meddle('timezone', 'Europe/Berlin')`);
    equal(await bed.read(zone), 'UTC');
  });

  it('finds the real table and not the temporary one of an earlier request', async () => {
    await project.sql(`grant temporary on database ${project.database} to service_role`);
    const superuser = await cluster.superuser('postgres');
    await superuser.query(`grant temporary on database ${project.database} to public`);
    await bed.write('shadow()');
    const body = await bed.read(`(select name from item where id = 1)`);
    await superuser.query(`revoke temporary on database ${project.database} from public`);
    await superuser.end();
    equal(body, 'item 1');
  });

  it('may not make temporary tables at all, since PUBLIC has lost the right', async () => {
    await rejects(
      bed.write('shadow()', { role: 'anon' }),
      (error: { facts?: { sqlstate: string } }) => error.facts?.sqlstate === '42501',
    );
  });

  it('refuses what is no role of requests before anything is sent', async () => {
    const login = `authenticator_${project.ref}`;
    for (const role of ['', 'none', 'NONE', 'a\0b', 'r'.repeat(64), login]) {
      await rejects(bed.read('current_user', { role }), refusedAs(role === login ? '42501' : '22023'));
    }
    equal(bed.lanes.connections, 0);
  });

  for (const [role, sqlstate, message] of [
    ['nobody', '22023', 'role "nobody" does not exist'],
    ['pg_read_all_data', '42501', 'permission denied to set role "pg_read_all_data"'],
    ["anon', true) || set_config('role', 'service_role", '22023', /^role ".*" does not exist$/],
    ['back\\slash', '22023', 'role "back\\slash" does not exist'],
  ] as const) {
    it(`leaves the role ${role} to PostgreSQL, which says why not, and opens no connection for each refusal`, async () => {
      const { open } = LaneConnection;
      let opened = 0;
      LaneConnection.open = (options) => {
        opened += 1;
        return open(options);
      };
      try {
        for (let round = 0; round < 30; round++) {
          await rejects(bed.read('current_user', { role }), refusedAs(sqlstate, message));
        }
      } finally {
        LaneConnection.open = open;
      }
      // One, and under load those that a lane may have besides.
      ok(opened < 10, `${opened} opened`);
    });
  }

  it('acts as any role the login is a member of, and quotes its name', async () => {
    const superuser = await cluster.superuser('postgres');
    const role = `it's "a" role of ${project.ref}`;
    const quoted = `"${role.replaceAll('"', '""')}"`;
    await superuser.query(`create role ${quoted}; grant ${quoted} to authenticator_${project.ref}`);
    equal(await bed.read('current_user', { role }), role);
    await bed.close();
    await superuser.query(`drop role ${quoted}`);
    await superuser.end();
  });

  it('a transaction whose settings fail runs nothing of its plan', async () => {
    // A claim with a zero byte cannot be sent as text: the settings statement is refused.
    await rejects(bed.write(`(select name from item where id = 1)`, { claims: 'a\0b' }));
    equal(await bed.read(`(select count(*) from mg_sys_free)`.replace('mg_sys_free', 'item')), '1000');
  });

  it('a read may not write, whatever its text says', async () => {
    await rejects(
      bed.read(
        `with gone as (delete from item where id = 1 returning 1) select '' as body, count(*) as rows from gone`,
      ),
      (error: { facts?: { sqlstate: string } }) => error.facts?.sqlstate === '25006',
    );
    equal(await bed.read(`(select count(*) from item where id = 1)`), '1');
  });

  it('rolls back everything, the audit row included, when the plan refuses', async () => {
    const before = await outboxRows();
    await rejects(
      bed.write(
        `with put as (insert into once values (1) returning 1) select mg_sys.refuse('MF404', 'No such row.') as body, count(*) as rows from put`,
      ),
      { code: 'MF404', message: 'No such row.' },
    );
    equal(await bed.read('(select count(*) from once)'), '0');
    equal(await outboxRows(), before);
  });

  it('puts the audit row and the data into one transaction', async () => {
    const before = Number(await outboxRows());
    await bed.write(
      `with put as (insert into once values (2, 5) returning 1) select '' as body, count(*) as rows from put`,
    );
    equal(Number(await outboxRows()), before + 1);
  });

  it('answers an error of the commit itself, and writes nothing', async () => {
    const before = await outboxRows();
    await rejects(
      bed.write(
        `with put as (insert into once values (3, 999999) returning 1) select '' as body, count(*) as rows from put`,
      ),
      (error: { facts?: { sqlstate: string; constraint: string } }) =>
        error.facts?.sqlstate === '23503' && error.facts.constraint === 'once_parent_fkey',
    );
    equal(await bed.read('(select count(*) from once where id = 3)'), '0');
    equal(await outboxRows(), before);
  });

  for (const text of ['begin', 'rollback', 'commit', 'reset role']) {
    it(`a plan that says "${text}" gets an error, and its connection harms nobody`, async () => {
      await rejects(bed.read(text));
      await rejects(bed.write(text));
      equal(await bed.read(where, { claims: '{}' }), 'service_role|{}|public, pg_temp|2s|on|on');
      equal(await bed.read('pg_current_xact_id_if_assigned() is null'), 'true');
    });
  }

  it('refuses a write without its audit row, and a plan that answers no body', async () => {
    const plan = { access: 'write' } as Parameters<typeof bed.lanes.execute>[0];
    const identity = {
      project: project.ref,
      role: 'anon',
      claims: '{}',
      isAnonymous: false,
      keyId: '',
      scopes: {},
    } as const;
    await rejects(bed.lanes.execute(plan, identity, undefined, Date.now() + 1000), { code: 'MF500' });
    await rejects(bed.read(`select '' as body, 1 as rows where false`), { code: 'MF500' });
  });

  it('keeps the answers of a hundred interleaved requests apart, errors among them', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 300 }, (_, index) =>
        index % 3 === 0
          ? bed.read(`1 / (${index} - ${index})`, { shape: `zero ${index % 7}`.concat(String(index)) })
          : bed.read(`(select name from item where id = $1::int)`, { parameters: [String(index)] }),
      ),
    );
    deepEqual(
      answers.map((answer, index) =>
        answer.status === 'fulfilled'
          ? answer.value === `item ${index}`
          : index % 3 === 0 && answer.reason.facts.sqlstate === '22012',
      ),
      answers.map(() => true),
    );
  });

  it('uses the new text when a shape comes again with another one', async () => {
    equal(await bed.read(`'first'`, { shape: 'same' }), 'first');
    equal(await bed.read(`'second'`, { shape: 'same' }), 'second');
  });

  it('prepares again when an earlier transaction should have and was refused', async () => {
    // All in one turn: the second and third rely on what the first prepares.
    const sql = `(select name from item where id = $1::int)`;
    const [first, second, third] = await Promise.allSettled([
      bed.read(sql, { shape: 'p', parameters: ['1'], claims: 'a\0b' }),
      bed.read(sql, { shape: 'p', parameters: ['2'] }),
      bed.read(sql, { shape: 'p', parameters: ['3'] }),
    ]);
    equal(first.status, 'rejected');
    deepEqual(
      [second, third],
      [
        { status: 'fulfilled', value: 'item 2' },
        { status: 'fulfilled', value: 'item 3' },
      ],
    );
  });

  it('keeps the statements prepared on a connection under the cap', async () => {
    await bed.close();
    bed = laneBed(cluster, project.ref, { statements: 10 });
    for (let round = 0; round < 2; round++) {
      await Promise.all(Array.from({ length: 40 }, (_, index) => bed.read(`${index} + 0`)));
    }
    const prepared = Number(await bed.read('(select count(*) from pg_prepared_statements)'));
    ok(prepared <= 13, `${prepared} prepared`); // ten, and three of the lane's own
  });

  it('names column, constraint and parameter of a refused value', async () => {
    await rejects(
      bed.write(
        `with put as (insert into wide (small) values ($1) returning 1) select '' as body, count(*) as rows from put`,
        { parameters: ['99999'] },
      ),
      (error: { facts?: { sqlstate: string; parameter: number } }) =>
        error.facts?.sqlstate === '22003' && error.facts.parameter === 0,
    );
    await rejects(
      bed.write(
        `with put as (insert into wide (small, day) values ($1, $2) returning 1) select '' as body, count(*) as rows from put`,
        { parameters: ['1', 'no day'] },
      ),
      (error: { facts?: { sqlstate: string; parameter: number } }) =>
        error.facts?.sqlstate === '22007' && error.facts.parameter === 1,
    );
    await rejects(
      bed.write(
        `with put as (insert into item (id, name) values (1, null) returning 1) select '' as body, count(*) as rows from put`,
      ),
      (error: { facts?: { column: string; table: string } }) =>
        error.facts?.column === 'name' && error.facts.table === 'item',
    );
  });

  it('ends a statement at the timeout and at the deadline of its request', async () => {
    const began = performance.now();
    await rejects(bed.read('work(5000)', { timeoutMs: 300 }), { code: 'MF504' });
    ok(performance.now() - began < 1500);
    await rejects(bed.read('work(5000)'), { code: 'MF504' });
    const took = performance.now() - began;
    ok(took < 4000, `${took} ms`);
  });

  it('gives up a statement that cannot be ended, and the server ends it soon after', async () => {
    await project.sql(`create function stubborn() returns text language plpgsql as $$
      begin loop begin perform pg_sleep(0.01); exception when query_canceled then null; end; end loop; end $$`);
    await bed.close();
    bed = laneBed(cluster, project.ref, {
      lane: { connections: 1, spare: 1, exclusive: 1, depth: 64, waiting: 100, statementTimeoutMs: 200 },
    });
    await rejects(bed.read('stubborn()'), { code: 'MF504' });
    equal(await bed.read('1'), '1');
    const superuser = await cluster.superuser('postgres');
    const until = Date.now() + 10_000;
    let left = '1';
    while (left !== '0' && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { rows } = await superuser.query(
        `select count(*) as count from pg_stat_activity where datname = $1 and query like '%stubborn%' and state = 'active'`,
        [project.database],
      );
      left = String(rows[0]?.count);
    }
    await superuser.end();
    equal(left, '0');
  });

  it('takes an answer of many megabytes, and what was sent behind it', async () => {
    const [large, small] = await Promise.all([bed.read(`repeat('ä', 8 * 1024 * 1024)`), bed.read(`'small'`)]);
    equal(large?.length, 8 * 1024 * 1024);
    equal(small, 'small');
  });

  it('reads are not held up by a slow statement that was sent before them', async () => {
    await bed.read('1');
    const slow = bed.read('work(1500)');
    const began = performance.now();
    const quick = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        bed.read(`(select name from item where id = $1::int)`, { parameters: [String(index + 1)] }),
      ),
    );
    const took = performance.now() - began;
    equal(quick[49], 'item 50');
    ok(took < 800, `${took} ms`);
    equal(await slow, 'done');
  });

  it('keeps a shape that proved slow off the pipelined connections', async () => {
    await bed.read('work(120)');
    const times: number[] = [];
    const slow = [bed.read('work(120)'), bed.read('work(120)'), bed.read('work(120)')];
    for (let index = 0; index < 20; index++) {
      const began = performance.now();
      await bed.read(`(select name from item where id = 7)`);
      times.push(performance.now() - began);
    }
    await Promise.all(slow);
    times.sort((one, other) => one - other);
    ok((times[10] as number) < 40, `median ${times[10]} ms`);
  });

  it('refuses at once when too many slow statements wait', async () => {
    await bed.close();
    bed = laneBed(cluster, project.ref, {
      lane: { connections: 1, spare: 1, exclusive: 1, depth: 64, waiting: 3, statementTimeoutMs: 2000 },
    });
    await bed.read('work(120)');
    const answers = await Promise.allSettled(Array.from({ length: 12 }, () => bed.read('work(120)')));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    ok(refused.length >= 6 && refused.length < 12, `${refused.length} refused`);
    for (const { reason } of refused) equal(reason.code, 'MF507');
  });

  it('no statement ever runs as the login role, whatever is cancelled', async () => {
    const superuser = await cluster.superuser(project.database);
    let stop = false;
    let cancels = 0;
    const storm = (async () => {
      while (!stop) {
        const { rowCount } = await superuser.query(
          `select pg_cancel_backend(pid) from pg_stat_activity where datname = $1 and usename like 'authenticator%'`,
          [project.database],
        );
        cancels += rowCount ?? 0;
      }
    })();
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    const until = Date.now() + 2500;
    const everything = {
      settings: '{"request.path":"/x","search_path":"public"}',
      before: 'select who()',
      explain: { sql: 'select 1', parameters: [] },
      isolation: 'serializable',
      end: 'rollback',
    } as const;
    const client = async (role: 'anon' | 'service_role', plan: Partial<Plan>): Promise<void> => {
      while (Date.now() < until) {
        await bed.read('who()', { role, plan }).then(
          (body) => count(body ?? ''),
          (error: { code?: string }) => count(String(error.code ?? error)),
        );
      }
    };
    await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        client(index % 2 === 0 ? 'anon' : 'service_role', index % 4 < 2 ? {} : everything),
      ),
    );
    stop = true;
    await storm;
    await superuser.end();
    const login = `authenticator_${project.ref}`;
    const names = [...seen.keys()].sort();
    ok(cancels > 100, `${cancels} cancels`);
    ok((seen.get(`${login} anon`) ?? 0) > 100 && (seen.get('MF504') ?? 0) > 0, JSON.stringify([...seen]));
    deepEqual(names, ['MF504', `${login} anon`, `${login} service_role`].sort());
  });

  it('tells an unknown project and an unreachable server apart', async () => {
    await rejects(bed.read('1', { project: 'nobody' }), { code: 'MF508' });
    await bed.lanes.applyDelta({ kind: 'server', endpoint: null });
    equal(bed.lanes.available, false);
    const began = performance.now();
    await rejects(bed.read('1'), { code: 'MF503', retryable: true });
    ok(performance.now() - began < 50);
    await bed.lanes.applyDelta({ kind: 'server', endpoint: cluster.endpoint });
    equal(await bed.read('1'), '1');
  });

  it('serves more projects and roles than it may hold connections to, and nobody starves', async () => {
    const many = [project, ...(await Promise.all([1, 2, 3].map(() => cluster.createProject())))];
    await bed.close();
    bed = laneBed(cluster, project.ref, { connections: 3 });
    let most = 0;
    const served = new Map<string, number>();
    const until = Date.now() + 1500;
    const client = async (ref: string, role: 'anon' | 'service_role'): Promise<void> => {
      while (Date.now() < until) {
        const body = await bed.read(`current_database() || ' ' || current_user`, { project: ref, role });
        equal(body, `project_${ref} ${role}`);
        served.set(body as string, (served.get(body as string) ?? 0) + 1);
        most = Math.max(most, bed.lanes.connections);
      }
    };
    const roles = ['anon', 'service_role'] as const;
    await Promise.all(
      many.flatMap(({ ref }) => roles.flatMap((role) => [client(ref, role), client(ref, role)])),
    );
    ok(most <= 3, `${most} connections`);
    equal(served.size, 8);
    ok(Math.min(...served.values()) >= 5, JSON.stringify([...served]));
    for (const { ref } of many.slice(1)) {
      await bed.lanes.applyDelta({ kind: 'project-removed', ref });
      await cluster.storage.removeProject(ref);
    }
  });

  it('gives connections back when nobody uses them, and says which projects are in use', async () => {
    await bed.close();
    const told: string[] = [];
    bed = laneBed(cluster, project.ref, { idleMs: 300, active: (projects) => void told.push(...projects) });
    await bed.read('1');
    equal(bed.lanes.connections, 1);
    deepEqual(told, [project.ref]);
    const end = Date.now() + 5000;
    while (bed.lanes.connections > 0 && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 50));
    equal(bed.lanes.connections, 0);
    equal(await bed.read('2'), '2');
    equal(told.at(-1), project.ref);
  });

  it('spreads writes over connections, so that their commits share a write to the disk', async () => {
    const sql = `with put as (insert into item values ($1::int, 'w', 0) returning 1) select '' as body, count(*) as rows from put`;
    await Promise.all(
      Array.from({ length: 400 }, (_, index) => bed.write(sql, { parameters: [String(10_000 + index)] })),
    );
    ok(bed.lanes.connections > 2, `${bed.lanes.connections} connections`);
    equal(await bed.read('(select count(*) from item where id >= 10000)'), '400');
  });

  it('lets a removed project go with its connections', async () => {
    const other = await cluster.createProject();
    await bed.lanes.applyDelta({
      kind: 'project-ready',
      ref: other.ref,
      password: cluster.logins.authenticator(other.ref).password,
    });
    match((await bed.read('current_database()', { project: other.ref })) ?? '', /^project_/);
    await bed.lanes.applyDelta({ kind: 'project-removed', ref: other.ref });
    await rejects(bed.read('1', { project: other.ref }), { code: 'MF508' });
    await other.remove();
  });

  async function outboxRows(): Promise<string> {
    const { rows } = await cluster.storage.query({
      database: `project:${project.ref}`,
      text: 'select count(*) as count from mg_sys.outbox',
    });
    return String(rows[0]?.['count']);
  }
});

function refusedAs(sqlstate: string, message: string | RegExp = /./) {
  return (error: { facts?: { sqlstate: string; message: string } }) =>
    error.facts?.sqlstate === sqlstate &&
    (typeof message === 'string' ? error.facts.message === message : message.test(error.facts.message));
}
