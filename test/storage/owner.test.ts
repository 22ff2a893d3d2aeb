import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { deriveLogins } from '../../actors/storage/login.ts';
import { mapError } from '../../actors/storage/postgres/map-error.ts';
import { Pools } from '../../actors/storage/postgres/pools.ts';
import type { DatabaseServer } from '../../actors/storage/server.ts';
import { Storage } from '../../actors/storage/storage.ts';
import { jsonValue } from '../../runtime/database/json-value.ts';
import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import type { CatalogTable } from '../../runtime/protocol/catalog.ts';
import {
  silentLog,
  type TestCluster,
  type TestProject,
  testCluster,
  testLoginsKey,
} from '../support/test-cluster.ts';

/** An expression, and the JSON that `magflock sql --json` prints for it. */
const values: readonly (readonly [expression: string, json: string])[] = [
  ['1', '1'],
  ['9007199254740991::int8', '9007199254740991'],
  ['9007199254740993::int8', '"9007199254740993"'],
  ['(-9223372036854775808)::int8', '"-9223372036854775808"'],
  ['count(*)', '1'],
  ['8.90::numeric', '8.9'],
  ['0.1::numeric', '0.1'],
  ['-0.00::numeric', '0'],
  ['12345678901234567890.5::numeric', '"12345678901234567890.5"'],
  ["'NaN'::numeric", '"NaN"'],
  ['0.1::float8', '0.1'],
  ['1e300::float8', '1e+300'],
  ["'Infinity'::float8", '"Infinity"'],
  ['true', 'true'],
  ['null::int', 'null'],
  ["'a\"b'::text", '"a\\"b"'],
  ["'x'::varchar(3)", '"x"'],
  [`'{"a": 12345678901234567890, "b": [1.50]}'::json`, '{"a":"12345678901234567890","b":[1.5]}'],
  [`'{"b": 1}'::jsonb`, '{"b":1}'],
  ["date '2024-02-29'", '"2024-02-29"'],
  ["timestamp '2024-02-29 12:00:00.5'", '"2024-02-29T12:00:00.5"'],
  ["timestamptz '2024-02-29 12:00:00+02'", '"2024-02-29T10:00:00+00:00"'],
  ["interval '1 day 2 hours'", '"1 day 02:00:00"'],
  ["'\\x00ff'::bytea", '"\\\\x00ff"'],
  ['array[1,null,3]', '[1,null,3]'],
  ['array[[1,2],[3,4]]', '[[1,2],[3,4]]'],
  ["'[0:1]={5,6}'::int[]", '[5,6]'],
  [`array['a,b', 'c"d', 'NULL', null, '']`, '["a,b","c\\"d","NULL",null,""]'],
  ["'{}'::text[]", '[]'],
  ['array[9007199254740993]', '["9007199254740993"]'],
  ['array[true, false]', '[true,false]'],
  ['gen_random_uuid() is not null', 'true'],
];

describe('Storage, owner side', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
  });
  after(() => project.remove());

  const sql = (text: string) => cluster.storage.sql(project.ref, text);

  describe('sql', () => {
    for (const [expression, json] of values) {
      it(`prints ${expression} as ${json}`, async () => {
        const [result] = await sql(`select ${expression} as value`);
        equal(JSON.stringify(result?.rows[0]?.['value']), json);
      });
    }

    it('answers each statement of a text', async () => {
      const results = await sql(
        `create table s (a int); insert into s values (1), (2); select a from s order by a; update s set a = 5; drop table s`,
      );
      deepEqual(
        results.map(({ command, count, columns }) => [command, count, columns.join()]),
        [
          ['CREATE', 0, ''],
          ['INSERT', 2, ''],
          ['SELECT', 2, 'a'],
          ['UPDATE', 2, ''],
          ['DROP', 0, ''],
        ],
      );
    });

    it('answers nothing for nothing', async () => {
      deepEqual(await sql(''), []);
      deepEqual(await sql('-- only a comment'), []);
    });

    it('takes a column called __proto__ as a column', async () => {
      const [result] = await sql('select 1 as "__proto__"');
      deepEqual(Object.keys(result?.rows[0] ?? {}), ['__proto__']);
    });

    it('names line and position of an error', async () => {
      await rejects(
        sql(`select 'ä',\n  nothere\nfrom pg_class`),
        (error: { code: string; message: string; details: { line: number; sqlstate: string } }) => {
          equal(error.code, 'MF510');
          match(error.message, /column "nothere" does not exist \(line 2\)/);
          deepEqual([error.details.line, error.details.sqlstate], [2, '42703']);
          return true;
        },
      );
    });

    it('leaves no trace of a session for the next one', async () => {
      await sql('set search_path = pg_temp; create temporary table left_over (a int)');
      await rejects(sql('select * from left_over'), { code: 'MF510' });
    });

    it('runs as the owner, with no more rights', async () => {
      const [result] = await sql('select current_user as user');
      equal(result?.rows[0]?.['user'], `owner_${project.ref}`);
      await rejects(sql(`copy (select 1) to program 'id'`), { code: 'MF510' });
      await rejects(sql(`select pg_read_file('/etc/passwd')`), { code: 'MF510' });
    });

    it('ends when its caller cancels', async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      const began = performance.now();
      await rejects(cluster.storage.sql(project.ref, 'select pg_sleep(30)', controller.signal), {
        code: 'MF606',
      });
      ok(performance.now() - began < 5000);
    });

    it('refuses COPY from the caller, who has no data to send', async () => {
      await sql('create table c (a int)');
      await rejects(sql('copy c from stdin'), { code: 'MF510' });
      await sql('drop table c');
    });
  });

  describe('catalogue', () => {
    let tables: Map<string, CatalogTable>;
    before(async () => {
      await project.sql(`
        create type mood as enum ('sad', 'ok');
        create domain percent as numeric(5,2) not null check (value between 0 and 100);
        create domain narrow as percent;
        create table parent (a int, b text, primary key (b, a));
        comment on table parent is 'the parent';
        create table child (
          id bigint generated always as identity primary key,
          other int generated by default as identity,
          a int not null, b text, mood mood default 'ok', share narrow, tags text[],
          doubled int generated always as (a * 2) stored,
          title varchar(160) unique,
          constraint to_parent foreign key (a, b) references parent (a, b),
          constraint positive check (a > 0)
        );
        comment on column child.title is 'shown';
        alter table child enable row level security;
        create view seen as select id, title from child;
        create view counted as select count(*) as n from child;
        create materialized view kept as select 1 as one;
        create table split (day date not null, n int) partition by range (day);
        create table split_2024 partition of split for values from ('2024-01-01') to ('2025-01-01');
        create schema hidden; create table hidden.secret (id int);
        create table dropped_column (a int, gone int, c int); alter table dropped_column drop column gone;
        create table "Odd ""name""" ("Ä b" int)`);
      const catalog = await cluster.storage.catalog(project.ref);
      tables = new Map(catalog.tables.map((table) => [table.name, table]));
    });
    after(() => project.sql('drop schema public cascade; drop schema hidden cascade; create schema public'));

    it('lists tables and views of public, partitions under their parent', () => {
      deepEqual([...tables.values()].map(({ name, kind }) => `${name}: ${kind}`).sort(), [
        'Odd "name": table',
        'child: table',
        'counted: view',
        'dropped_column: table',
        'kept: materialized-view',
        'parent: table',
        'seen: view',
        'split: partitioned-table',
      ]);
    });

    it('says what can be written', () => {
      const may = (name: string) => {
        const { insertable, updatable, deletable } = tables.get(name) as CatalogTable;
        return [insertable, updatable, deletable];
      };
      deepEqual(may('child'), [true, true, true]);
      deepEqual(may('seen'), [true, true, true]);
      deepEqual(may('counted'), [false, false, false]);
      deepEqual(may('kept'), [false, false, false]);
      deepEqual(may('split'), [true, true, true]);
    });

    it('has columns with base types, defaults, identities and enum values', () => {
      const child = tables.get('child') as CatalogTable;
      const columns = Object.fromEntries(child.columns.map((column) => [column.name, column]));
      deepEqual(
        child.columns.map(({ name, type, baseType, nullable, hasDefault, identity, generated }) => [
          name,
          type,
          baseType,
          nullable,
          hasDefault,
          identity,
          generated,
        ]),
        [
          ['id', 'bigint', 'int8', false, false, 'always', false],
          ['other', 'integer', 'int4', false, false, 'by-default', false],
          ['a', 'integer', 'int4', false, false, 'none', false],
          ['b', 'text', 'text', true, false, 'none', false],
          ['mood', 'public.mood', 'mood', true, true, 'none', false],
          ['share', 'public.narrow', 'numeric', false, false, 'none', false],
          ['tags', 'text[]', '_text', true, false, 'none', false],
          ['doubled', 'integer', 'int4', true, false, 'none', true],
          ['title', 'character varying(160)', 'varchar', true, false, 'none', false],
        ],
      );
      deepEqual(columns['mood']?.enumValues, ['sad', 'ok']);
      equal(columns['title']?.comment, 'shown');
      equal(child.rowSecurity, true);
      equal(tables.get('parent')?.comment, 'the parent');
      deepEqual(
        tables.get('dropped_column')?.columns.map(({ name }) => name),
        ['a', 'c'],
      );
      deepEqual(
        tables.get('Odd "name"')?.columns.map(({ name }) => name),
        ['Ä b'],
      );
    });

    it('has keys in key order, and what foreign keys refer to', () => {
      deepEqual(tables.get('parent')?.primaryKey, ['b', 'a']);
      deepEqual(tables.get('seen')?.primaryKey, []);
      const constraints = Object.fromEntries(
        (tables.get('child')?.constraints ?? []).map((one) => [one.name, one]),
      );
      deepEqual(constraints['to_parent']?.references, {
        schema: 'public',
        table: 'parent',
        columns: ['a', 'b'],
      });
      deepEqual(constraints['to_parent']?.columns, ['a', 'b']);
      equal(constraints['positive']?.kind, 'check');
      equal(constraints['child_title_key']?.kind, 'unique');
      match(constraints['positive']?.definition ?? '', /CHECK \(\(a > 0\)\)/);
    });

    it('is read by the administrator without running anything of the owner', async () => {
      await project.sql(`
        create table if not exists ran (who text);
        create function public.format_type(oid, int) returns text language plpgsql as $$ begin insert into ran values (current_user); return 'x'; end $$;
        create function public.evil(name, text) returns boolean language plpgsql as $$ begin insert into public.ran values (current_user); return true; end $$;
        create operator public.= (leftarg = name, rightarg = text, function = public.evil)`);
      await cluster.storage.catalog(project.ref);
      deepEqual((await project.query('select * from ran')).rows, []);
    });

    it('is read while a session holds a table, and says who holds a view', async () => {
      await project.sql('create table held (a int); create view held_view as select a from held');
      const holder = await cluster.connect(cluster.logins.owner(project.ref), project.database);
      try {
        await holder.query('begin; lock table held in access exclusive mode');
        await project.sql('create table beside_held (a int)');
        const began = performance.now();
        const { tables } = await cluster.storage.catalog(project.ref);
        ok(performance.now() - began < 2000);
        ok(tables.some(({ name }) => name === 'beside_held'));
        await holder.query('lock table held_view in access exclusive mode');
        const { rows } = await holder.query('select pg_backend_pid() as pid');
        await rejects(
          cluster.storage.catalog(project.ref),
          (error: { code: string; retryable: boolean; details: { pids: number[] } }) => {
            deepEqual([error.code, error.retryable, error.details.pids], ['MF503', true, [rows[0].pid]]);
            return true;
          },
        );
        ok(performance.now() - began < 4000);
      } finally {
        await holder.end();
      }
      await project.sql('drop table held cascade; drop table beside_held');
    });

    it('takes a thousand tables in well under a second, and its version grows with each change', async () => {
      const before = await cluster.storage.catalog(project.ref);
      await project.sql(
        `do $$ begin for i in 1..1000 loop execute format('create table many_%s (id serial primary key, a text, b text unique, c int references many_%s)', i, greatest(i - 1, 1)); end loop; end $$`,
      );
      const began = performance.now();
      const after = await cluster.storage.catalog(project.ref);
      const took = performance.now() - began;
      equal(after.tables.filter(({ name }) => name.startsWith('many_')).length, 1000);
      equal(after.version, before.version + 1);
      ok(took < 3000, `${took} ms`);
    });
  });

  describe('watching', () => {
    it('announces DDL within a moment of its commit, and a rolled back one never', async () => {
      const { storage, seen } = watcher();
      await storage.start();
      try {
        await storage.watch(project.ref);
        await storage.watch(project.ref);
        const times: number[] = [];
        for (const text of [
          'create table w (a int)',
          'alter table w add b int',
          "comment on table w is 'x'",
          'grant select on w to anon',
          'drop table w',
        ]) {
          seen.length = 0;
          const began = performance.now();
          await project.sql(text);
          while (seen.length === 0 && performance.now() - began < 3000)
            await new Promise((resolve) => setTimeout(resolve, 2));
          times.push(performance.now() - began);
          deepEqual(seen, [project.ref], text);
        }
        ok((times.sort((a, b) => a - b)[2] as number) < 1000, times.join());
        seen.length = 0;
        await project.sql(
          'begin; create table w (a int); rollback; create temporary table t (a int); insert into pg_temp.t values (1)',
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
        deepEqual(seen, []);
      } finally {
        await storage.stop();
      }
    });

    it('gives its connection back while nobody uses the project, and catches up when somebody does', async () => {
      const { storage, seen } = watcher();
      await storage.start();
      try {
        await storage.watch(project.ref);
        equal(await connections('magflock watch', project.database), '1');
        await new Promise((resolve) => setTimeout(resolve, 1100));
        storage.rest();
        const until = Date.now() + 3000;
        while ((await connections('magflock watch', project.database)) !== '0' && Date.now() < until);
        equal(await connections('magflock watch', project.database), '0');
        await project.sql('create table while_asleep (a int); drop table while_asleep');
        deepEqual(seen, []);
        storage.active([project.ref, 'unknown']);
        while (seen.length === 0 && Date.now() < until + 3000)
          await new Promise((resolve) => setTimeout(resolve, 5));
        deepEqual(seen, [project.ref]);
      } finally {
        await storage.stop();
      }
    });

    it('announces what changed while its connection was gone', async () => {
      const { storage, seen } = watcher();
      await storage.start();
      try {
        await storage.watch(project.ref);
        const superuser = await cluster.superuser(project.database);
        await superuser.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'magflock watch' and datname = $1`,
          [project.database],
        );
        await superuser.query('create table while_away (a int); drop table while_away');
        await superuser.end();
        const until = Date.now() + 5000;
        while (seen.length === 0 && Date.now() < until)
          await new Promise((resolve) => setTimeout(resolve, 10));
        deepEqual(seen.slice(0, 1), [project.ref]);
      } finally {
        await storage.stop();
      }
    });

    async function connections(name: string, database: string): Promise<unknown> {
      const superuser = await cluster.superuser('postgres');
      const { rows } = await superuser.query(
        `select count(*) as count from pg_stat_activity where application_name = $1 and datname = $2`,
        [name, database],
      );
      await superuser.end();
      return rows[0]?.count;
    }

    /** A second Storage on the same server, as an outside one. */
    function watcher(): { storage: Storage; seen: string[] } {
      const seen: string[] = [];
      const { user, password } = deriveLogins(testLoginsKey).superuser();
      const storage = new Storage({
        settings: {
          dataDir: cluster.dataDir,
          databaseUrl: `postgres://${user}:${password}@127.0.0.1:${cluster.endpoint.port}/postgres`,
          'storage.maxConnections': 20,
          'storage.idleSeconds': 1,
        },
        loginsKey: testLoginsKey,
        log: silentLog,
        publish: async () => {},
        serverChanged: () => {},
        schemaChanged: (ref) => void seen.push(ref),
      });
      return { storage, seen };
    }
  });

  describe('query and transaction for the other parts', () => {
    it('runs all statements or none', async () => {
      const insert = (ref: string) => ({
        text: `insert into cp_core.installation (name, value) values ($1, 'x')`,
        values: [ref],
      });
      await rejects(
        cluster.storage.transaction({ database: 'control', statements: [insert('t1'), insert('t1')] }),
        (error: { code: string; details: { sqlstate: string } }) => error.details.sqlstate === '23505',
      );
      const answers = await cluster.storage.transaction({
        database: 'control',
        statements: [
          insert('t2'),
          { text: `select name from cp_core.installation where name like 't%'` },
          { text: `delete from cp_core.installation where name = 't2'` },
        ],
      });
      deepEqual(
        answers.map(({ count }) => count),
        [1, 1, 1],
      );
      deepEqual(answers[1]?.rows, [{ name: 't2' }]);
    });

    it('serves more projects than it may hold connections to', async () => {
      const server = {
        endpoint: cluster.endpoint,
        administrator: cluster.logins.superuser(),
      } as DatabaseServer;
      const pools = new Pools({ server, idleMs: 10_000, connections: 8 });
      const many = await Promise.all(Array.from({ length: 5 }, () => cluster.createProject()));
      try {
        const answers = await Promise.all(
          Array.from({ length: 60 }, (_, index) => {
            const one = many[index % many.length] as TestProject;
            return pools
              .query(`project:${one.ref}`, {
                text: `select current_database() as name,
                  (select count(*)::int from pg_stat_activity where application_name = 'magflock storage' and datname = any($1)) as held`,
                values: [many.map(({ database }) => database)],
              })
              .then(({ rows }) => [rows[0]?.['name'] === one.database, Number(rows[0]?.['held'])] as const);
          }),
        );
        equal(
          answers.every(([right]) => right),
          true,
        );
        // Two pools of two, and what is still saying goodbye; without the cap it would be ten.
        const most = Math.max(...answers.map(([, held]) => held));
        ok(most <= 5, `${most} connections`);
      } finally {
        await pools.close();
        for (const one of many) await one.remove();
      }
    });

    it('refuses a project that is not there', async () => {
      await rejects(cluster.storage.query({ database: 'project:nobody', text: 'select 1' }), {
        code: 'MF508',
      });
      await rejects(cluster.storage.query({ database: 'project:a"b', text: 'select 1' }), { code: 'MF508' });
    });
  });

  it('keeps numbers exact that text can write in several ways', () => {
    for (const [text, value] of [
      ['1.0', 1],
      ['1e2', '1e2'],
      ['00012', 12],
      ['-0', 0],
      ['1.10000000000000000001', '1.10000000000000000001'],
    ] as const) {
      equal(
        Object.is(jsonValue(1700, text), value) || (value === 0 && jsonValue(1700, text) === 0),
        true,
        text,
      );
    }
  });

  for (const [fields, expected] of [
    [{ code: '40001' }, 'MF505'],
    [{ code: '40P01' }, 'MF505'],
    [{ code: '57014' }, 'MF504'],
    [{ code: '53100' }, 'MF506'],
    [{ code: '58030', message: 'could not write: No space left on device' }, 'MF506'],
    [{ code: '53300' }, 'MF507'],
    [{ code: '57P01' }, 'MF503'],
    [{ code: '57P03' }, 'MF503'],
    [{ code: '08006' }, 'MF503'],
    [{ code: 'ECONNREFUSED' }, 'MF503'],
    [{ code: 'EPIPE' }, 'MF503'],
    [{ message: 'Connection terminated unexpectedly' }, 'MF503'],
    [{ code: '3D000' }, 'MF508'],
    [{ code: 'MF404', message: 'gone' }, 'MF404'],
    [{ code: 'MF999' }, 'facts'],
    [{ code: 'XX000' }, 'MF500'],
    [{ code: '28P01' }, 'MF500'],
    [{ code: '23505' }, 'facts'],
    [{ code: '42501' }, 'facts'],
    [{ code: '22P02' }, 'facts'],
    [{ code: 'P0001' }, 'facts'],
    [{ code: '44000' }, 'facts'],
  ] as const) {
    it(`maps ${JSON.stringify(fields)} to ${expected}`, () => {
      const mapped = mapError(Object.assign(new Error('message' in fields ? fields.message : 'no'), fields));
      equal(mapped instanceof DatabaseFailure ? 'facts' : mapped.code, expected);
    });
  }
});
