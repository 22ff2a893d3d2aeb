import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { type LaneBed, laneBed } from '../support/postgres-lanes.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** What a plan may ask of its transaction besides its own statement. */
describe('a plan in the pipelined lane', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: LaneBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(`
      create schema other;
      grant usage on schema other to service_role;
      create table item (id int primary key, name text not null);
      insert into item select i, 'item ' || i from generate_series(1, 100) i;
      create table other.item (id int, name text);
      insert into other.item values (1, 'other');
      grant select on other.item to service_role;
      create table note (id int, item int references item deferrable initially deferred);
      create function pre_request() returns void language plpgsql as $$ begin
        perform set_config('request.seen', coalesce(current_setting('request.path', true), '-'), true);
        if current_setting('request.path', true) = '/forbidden' then raise exception 'not today' using errcode = 'PT403';
        end if; end $$;
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

  const settings = (values: Record<string, string>): { plan: Partial<Plan> } => ({
    plan: { settings: JSON.stringify(values) },
  });
  const insert = `with put as (insert into note values (1, 1) returning 1) select 'put' as body, count(*) as rows from put`;
  const badInsert = insert.replace('(1, 1)', '(1, 999)');
  const notes = (): Promise<string | null> => bed.read('(select count(*) from note)');

  describe('its settings', () => {
    const seen = `concat_ws('|', current_setting('search_path'), current_setting('timezone'),
      coalesce(current_setting('request.headers', true), ''), coalesce(current_setting('app.settings.x', true), ''),
      current_setting('intervalstyle'))`;

    it('hold for its transaction, and for no other after it', async () => {
      const values = {
        search_path: '"other", public',
        TimeZone: 'Europe/Berlin',
        'request.headers': '{"a":"it\'s \\"b\\""}',
        'app.settings.x': 'ä',
        intervalstyle: 'iso_8601',
      };
      equal(await bed.read(seen), 'public, pg_temp|UTC|||postgres');
      for (let round = 0; round < 3; round++) {
        equal(
          await bed.read(seen, settings(values)),
          `"other", public, pg_temp|Europe/Berlin|${values['request.headers']}|ä|iso_8601`,
        );
        equal(await bed.read(seen), 'public, pg_temp|UTC|||postgres');
      }
    });

    it('stay apart in a pipeline, also where one text means two tables by its path', async () => {
      const name = '(select name from item where id = 1)';
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          bed.read(name, index % 2 === 0 ? {} : settings({ search_path: 'other' })),
        ),
      );
      deepEqual(
        answers,
        answers.map((_, index) => (index % 2 === 0 ? 'item 1' : 'other')),
      );
    });

    it('put the temporary schema last, and may not name it', async () => {
      const path = `current_setting('search_path')`;
      equal(await bed.read(path, settings({ search_path: '' })), 'pg_temp');
      equal(await bed.read(path, settings({ search_path: 'other' })), 'other, pg_temp');
      for (const value of ['pg_temp, public', '"pg_temp"', 'public, PG_TEMP_3']) {
        await rejects(bed.read(path, settings({ search_path: value })), { code: 'MF500' });
      }
    });

    for (const name of [
      ...['role', 'ROLE', 'session_authorization', 'row_security', 'session_replication_role'],
      ...[
        'transaction_read_only',
        'transaction_isolation',
        'default_transaction_read_only',
        'client_encoding',
      ],
      ...['request.jwt.claims', 'Request.JWT.claim.sub', 'synchronous_commit', 'standard_conforming_strings'],
    ]) {
      it(`may not have ${name}`, async () => {
        await rejects(bed.read('1', settings({ [name]: 'on' })), { code: 'MF500' });
        equal(bed.lanes.connections, 0);
      });
    }

    for (const json of ['', '[]', '"x"', 'null', '{"a.b":1}', '{"a.b":null}', '{"a.b":"c","role":"x"']) {
      it(`must be an object of texts, not ${json}`, async () => {
        await rejects(bed.read('1', { plan: { settings: json } }), { code: 'MF500' });
      });
    }

    it('that PostgreSQL refuses take the plan with them', async () => {
      for (const [name, value] of [
        ['timezone', 'Nowhere/City'],
        ['search_path', 'a, ,b'],
        ['no_such_setting', '1'],
        ['log_statement', 'all'],
      ] as const) {
        await rejects(bed.write(insert, settings({ [name]: value })), (error: { facts?: unknown }) => {
          ok(error.facts, name);
          return true;
        });
      }
      equal(await notes(), '0');
    });

    it('shorten the statement timeout and never lengthen it', async () => {
      const timeout = `current_setting('statement_timeout')`;
      for (const [value, expected] of [
        ['300ms', '300ms'],
        ['1s', '1s'],
        ['1500', '1500ms'],
        ['1h', '2s'],
        ['0', '2s'],
        ['0.5s', '500ms'],
      ] as const) {
        equal(await bed.read(timeout, settings({ statement_timeout: value })), expected, value);
      }
      equal(await bed.read(timeout, { plan: { limits: { timeMs: 700 } } }), '700ms');
      await rejects(bed.read('work(1000)', { plan: { limits: { timeMs: 100 } } }), { code: 'MF426' });
    });

    it('are not those of the claims and the role, whatever they say', async () => {
      equal(
        await bed.read(`current_user || current_setting('request.jwt.claims')`, {
          role: 'anon',
          claims: '{"role":"anon"}',
          ...settings({ 'request.role': 'service_role' }),
        }),
        'anon{"role":"anon"}',
      );
    });
  });

  describe('what runs before it', () => {
    const before = 'select pre_request()';
    const at = (path: string): { plan: Partial<Plan> } => ({
      plan: { before, settings: JSON.stringify({ 'request.path': path }) },
    });

    it('sees the settings, and what it sets the plan sees', async () => {
      equal(await bed.read(`current_setting('request.seen')`, at('/films')), '/films');
      equal((await bed.write(`current_setting('request.seen')`, at('/written'))).body, '/written');
    });

    it('takes the plan with it when it fails, with the code it raised', async () => {
      await rejects(
        bed.write(insert, at('/forbidden')),
        (error: { facts?: { sqlstate: string; message: string } }) =>
          error.facts?.sqlstate === 'PT403' && error.facts.message === 'not today',
      );
      equal(await notes(), '0');
    });

    it('is prepared again when the transaction that should have was refused', async () => {
      const answers = await Promise.allSettled([
        bed.read('1', { claims: 'a\0b', ...at('/one') }),
        ...['/two', '/forbidden', '/four'].map((path) =>
          bed.read(`current_setting('request.seen')`, at(path)),
        ),
      ]);
      deepEqual(
        answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.status)),
        ['rejected', '/two', 'rejected', '/four'],
      );
    });

    for (const text of ['rollback', 'commit', ' begin', 'reset role']) {
      it(`must be a SELECT, not "${text}"`, async () => {
        await rejects(bed.read('1', { plan: { before: text } }), { code: 'MF500' });
      });
    }
  });

  describe('that is rolled back', () => {
    it('answers, and leaves neither its rows nor an audit row', async () => {
      const before = await outboxRows();
      const result = await bed.write(insert, { plan: { end: 'rollback' } });
      deepEqual([result.body, result.rows], ['put', 1]);
      equal(await notes(), '0');
      equal(await outboxRows(), before);
    });

    it('leaves its neighbours in the pipeline alone', async () => {
      const ends = ['commit', 'rollback', 'commit', 'rollback', 'rollback', 'commit'] as const;
      await bed.read('1');
      const before = Number(await outboxRows());
      const role = `current_user || current_setting('transaction_read_only')`;
      const [, , ...reads] = await Promise.all([
        Promise.all(ends.map((end) => bed.write(insert, { plan: { end } }))),
        bed.read('1', { plan: { end: 'rollback' } }),
        ...Array.from({ length: 20 }, () => bed.read(role, { role: 'anon' })),
      ]);
      equal(await notes(), '3');
      equal(Number(await outboxRows()), before + 3);
      deepEqual(new Set(reads), new Set(['anonon']));
      await project.sql('delete from note');
    });

    it('is refused where the commit would be', async () => {
      for (const end of ['commit', 'rollback'] as const) {
        await rejects(
          bed.write(badInsert, { plan: { end } }),
          (error: { facts?: { sqlstate: string } }) => error.facts?.sqlstate === '23503',
        );
      }
      equal(await notes(), '0');
    });
  });

  describe('with an isolation level', () => {
    const level = `current_setting('transaction_isolation')`;

    it('has it, and nobody else has', async () => {
      const answers = await Promise.all(
        (['serializable', undefined, 'repeatable read', undefined] as const).map((isolation) =>
          bed.read(level, { plan: { isolation } }),
        ),
      );
      deepEqual(answers, ['serializable', 'read committed', 'repeatable read', 'read committed']);
      equal((await bed.write(level, { plan: { isolation: 'serializable' } })).body, 'serializable');
    });

    it('leaves no transaction open when it fails, alone or before others', async () => {
      const failing = bed.read('1 / 0', { plan: { isolation: 'serializable' } });
      const next = Array.from({ length: 10 }, () => bed.read(`current_user || ${level}`, { role: 'anon' }));
      await rejects(failing, (error: { facts?: { sqlstate: string } }) => error.facts?.sqlstate === '22012');
      deepEqual(new Set(await Promise.all(next)), new Set(['anonread committed']));
      equal(await bed.read(level), 'read committed');
    });
  });

  describe('its answer', () => {
    it('has the columns it names, in whatever order they come', async () => {
      const columns = ['page_total', 'response_headers', 'missing'];
      const answer = await bed.run(`select null as response_headers, 7 as page_total, '[]' as body`, {
        plan: { columns },
      });
      deepEqual(
        [answer.body, answer.rows, answer.columns],
        ['[]', 0, { page_total: '7', response_headers: null, missing: null }],
      );
      const bare = await bed.run(`select 3 as page_total, 'x' as "as body"`, { plan: { columns } });
      deepEqual([bare.body, bare.columns?.['page_total']], [null, '3']);
      equal('columns' in (await bed.run('1')), false);
    });

    it('is made of all rows of an EXPLAIN', async () => {
      const body = await bed.read('explain (format text) select * from item order by name', {
        plan: { explains: true },
      });
      match(body ?? '', /^Sort.*\n {2}Sort Key: name\n/);
      const json = await bed.read('explain (format json) select 1', { plan: { explains: true } });
      ok(JSON.parse(json ?? '')[0].Plan);
    });

    it('comes with the estimate of another statement', async () => {
      const explain = { sql: 'select * from item where id > $1::int', parameters: ['0'] };
      const answer = await bed.run('$1::text', { parameters: ['mine'], plan: { explain } });
      equal(answer.body, 'mine');
      ok(JSON.parse(answer.explain ?? '')[0].Plan['Plan Rows'] > 0);
      const written = await bed.write(insert, { plan: { explain, end: 'rollback' } });
      equal(written.body, 'put');
      ok(written.explain);
      equal('explain' in (await bed.run('1')), false);
    });
  });

  describe('its limits', () => {
    const limited = (limits: Plan['limits']): { plan: Partial<Plan> } => ({ plan: { limits } });
    const over =
      (limit: string, allowed: number, value?: number) =>
      (error: { code: string; details: { limit: string; value: number; allowed: number } }) =>
        error.code === 'MF426' &&
        error.details.limit === limit &&
        error.details.allowed === allowed &&
        (value === undefined ? error.details.value > allowed : error.details.value === value);

    it('of bytes let through what just fits and refuse a byte more, saying how long it is', async () => {
      equal(await bed.read(`repeat('ä', 50)`, limited({ bytes: 100 })), 'ä'.repeat(50));
      await rejects(bed.read(`repeat('ä', 50)`, limited({ bytes: 99 })), over('bytes', 99, 100));
      await rejects(
        bed.read('explain (format text) select * from item', {
          plan: { explains: true, limits: { bytes: 10 } },
        }),
        over('bytes', 10),
      );
    });

    it('of bytes do not collect what is far too long, and what comes behind is read', async () => {
      await bed.read('1');
      const [long, next, other] = await Promise.allSettled([
        bed.read(`repeat('x', 30 * 1024 * 1024)`, limited({ bytes: 1000 })),
        bed.read(`'next'`),
        bed.read(`repeat('y', 200000)`, limited({ bytes: 200_000 })),
      ]);
      equal(long.status, 'rejected');
      ok(over('bytes', 1000)(long.reason) && long.reason.details.value > 30 * 1024 * 1024);
      deepEqual(next, { status: 'fulfilled', value: 'next' });
      equal(other.status === 'fulfilled' && other.value?.length, 200_000);
    });

    it('of bytes hold without being set where an answer could not be held as one text', async () => {
      const endless = `select string_agg(repeat('x', 1000000), '') as body, 1::bigint as rows
        from generate_series(1, 270)`;
      const roomy = laneBed(cluster, project.ref, {
        lane: { ...bed.lanes.limits, statementTimeoutMs: 30_000 },
      });
      try {
        await rejects(
          roomy.run(endless, { ...limited({ bytes: 1e9 }), timeoutMs: 30_000 }),
          (error: { code: string; details: { value: number; allowed: number } }) =>
            error.code === 'MF426' && error.details.value >= 270e6 && error.details.allowed === 268_435_456,
        );
        equal(await roomy.read('1'), '1');
      } finally {
        await roomy.close();
      }
    });

    it('of bytes say of a write that it was done', async () => {
      const long = insert.replace(`'put'`, `repeat('x', 1000)`);
      await rejects(
        bed.write(long, limited({ bytes: 10 })),
        (error: { code: string; details: { committed?: boolean } }) => error.details.committed === true,
      );
      equal(await notes(), '1');
      await rejects(
        bed.write(long, { plan: { limits: { bytes: 10 }, end: 'rollback' } }),
        (error: { details: { committed?: boolean } }) => error.details.committed === undefined,
      );
      equal(await notes(), '1');
      await project.sql('delete from note');
    });

    it('of cost refuse before anything runs, and tell the estimate', async () => {
      const heavy = '(select count(*) from item a, item b, item c)';
      await rejects(bed.read(heavy, limited({ cost: 1000 })), over('cost', 1000));
      await rejects(bed.write(insert, limited({ cost: 0 })), over('cost', 0));
      equal(await notes(), '0');
      equal(await bed.read(heavy, limited({ cost: 1e12 })), '1000000');
      equal(await bed.read('1', limited({ cost: 1 })), '1');
    });

    it('of cost are judged by what the pre-request set, and what it wrote is written once', async () => {
      await project.sql(`create table visit (id int); grant all on visit to service_role;
        create table tenant (id int); insert into tenant select i % 5 from generate_series(1, 100) i; analyze tenant;
        grant select on tenant to anon; alter table tenant enable row level security;
        create policy own on tenant using (id = current_setting('app.tenant_id')::int);
        create function as_tenant() returns void language plpgsql as $$ begin
          perform set_config('app.tenant_id', '3', true); end $$;
        create function as_service() returns void language plpgsql as $$ begin
          perform set_config('role', 'service_role', true); insert into visit values (1); end $$`);
      const cost = { cost: 1e6 };
      const tenant = { plan: { limits: cost, before: 'select as_tenant()' }, role: 'anon' } as const;
      equal(await bed.read('(select count(*) from tenant)', tenant), '20');
      const service = { plan: { limits: cost, before: 'select as_service()' }, role: 'anon' } as const;
      await bed.write(insert, service);
      equal(await bed.read('(select count(*) from visit)'), '1');
      await project.sql('delete from note');
    });

    it('of cost ask for the estimate of a shape once, and by role', async () => {
      const text = '(select count(*) from item)';
      await bed.read(text, limited({ cost: 1000 }));
      const before = bed.lanes.totals.estimates;
      await Promise.all(Array.from({ length: 10 }, () => bed.read(text, limited({ cost: 1000 }))));
      equal(bed.lanes.totals.estimates, before);
      await rejects(
        bed.read(text, { role: 'anon', ...limited({ cost: 1000 }) }),
        (error: { facts?: { sqlstate: string } }) => error.facts?.sqlstate === '42501',
      );
      equal(bed.lanes.totals.estimates, before + 1);
    });
  });

  async function outboxRows(): Promise<string> {
    const { rows } = await cluster.storage.query({
      database: `project:${project.ref}`,
      text: 'select count(*) as count from mg_sys.outbox',
    });
    return String(rows[0]?.['count']);
  }
});
