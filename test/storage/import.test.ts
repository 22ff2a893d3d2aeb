import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

const chinook = fileURLToPath(new URL('../../../shared/data/chinook/chinook-postgres.sql', import.meta.url));

/** A file in the manner of pg_dump 18: what a user brings along. */
const dump = `--
-- PostgreSQL database dump
--
\\restrict Q1w2e3
-- Dumped from database version 18.1
SET statement_timeout = 0;
SET lock_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET a_setting_of_a_newer_server = 1;
SET default_table_access_method = heap;
CREATE SCHEMA public;
CREATE EXTENSION IF NOT EXISTS "supabase_vault" WITH SCHEMA "vault";
ALTER SCHEMA public OWNER TO pg_database_owner;
COMMENT ON SCHEMA public IS 'standard public schema';
CREATE TYPE public.mood AS ENUM ('sad', 'it''s; ok');
ALTER TYPE public.mood OWNER TO joe;
CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT (n * 2);
END;
ALTER FUNCTION public.twice(n integer) OWNER TO joe;
CREATE TABLE public.people (
    id integer NOT NULL,
    name text,
    mood public.mood DEFAULT 'it''s; ok'::public.mood
);
ALTER TABLE public.people OWNER TO "Joe Doe";
CREATE SEQUENCE public.people_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.people_id_seq OWNED BY public.people.id;
ALTER TABLE ONLY public.people ALTER COLUMN id SET DEFAULT nextval('public.people_id_seq'::regclass);
COPY public.people (id, name, mood) FROM stdin;
1\tAnn; -- no comment\tsad
2\t\\N\tit's; ok
3\ttab\\there\tsad
\\.


SELECT pg_catalog.setval('public.people_id_seq', 3, true);
ALTER TABLE ONLY public.people ADD CONSTRAINT people_pkey PRIMARY KEY (id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT SELECT ON TABLE public.people TO some_role_of_the_old_server;
ALTER DEFAULT PRIVILEGES FOR ROLE joe IN SCHEMA public GRANT SELECT ON TABLES TO ann;
--
-- PostgreSQL database dump complete
--
\\unrestrict Q1w2e3
`;

interface Refused {
  readonly name: string;
  readonly text: string | Buffer;
  readonly code?: string;
  readonly line?: number;
  readonly message: RegExp;
  readonly fix?: RegExp;
}

const refused: readonly Refused[] = [
  {
    name: 'a statement that fails',
    text: 'create table x (a int);\n\nselect 1/0;',
    line: 3,
    message: /^Line 3: division by zero\. Nothing was imported\.$/,
  },
  {
    name: 'a syntax error after a thousand good lines',
    text: `${'select 1;\n'.repeat(1000)}selec 2;`,
    line: 1001,
    message: /Line 1001: syntax error/,
  },
  {
    name: 'a bad line of COPY data',
    text: 'create table x (a int);\ncopy x from stdin;\n1\n2\nthree\n4\n\\.\n',
    line: 5,
    message: /Line 5: invalid input syntax for type integer/,
  },
  {
    name: 'COPY into a table that is not there',
    text: 'create table x (a int);\ncopy nothere from stdin;\n1\n\\.\nselect 1;\n',
    line: 2,
    message: /Line 2: relation "nothere" does not exist/,
  },
  {
    name: 'a foreign key to users of Supabase',
    text: 'create table x (id uuid primary key);\nALTER TABLE ONLY x ADD FOREIGN KEY (id) REFERENCES auth.users(id);',
    line: 2,
    message: /Line 2: relation "auth.users" does not exist/,
    fix: /sign-in are not served yet.*take foreign keys/,
  },
  {
    name: 'the schema auth of Supabase',
    text: 'create table x (a int);\nCREATE SCHEMA auth;',
    line: 2,
    message: /schema "auth" already exists/,
    fix: /--exclude-schema=auth/,
  },
  {
    name: 'a table in the schema auth',
    text: 'create table x (a int);\nCREATE TABLE "auth"."users" (id uuid);',
    line: 2,
    message: /permission denied for schema auth/,
    fix: /--exclude-schema=auth/,
  },
  {
    name: 'a constraint checked at the end',
    text: 'create table x (a int primary key, b int references x deferrable initially deferred);\ninsert into x values (1, 2);',
    message: /^At the end, .*violates foreign key constraint/,
  },
  { name: 'ROLLBACK', text: 'create table x (a int);\nrollback;', line: 2, message: /all or nothing/ },
  {
    name: 'PREPARE TRANSACTION',
    text: `create table x (a int);\nprepare transaction 'x';`,
    line: 2,
    message: /all or nothing/,
  },
  {
    name: 'CREATE DATABASE',
    text: 'create table x (a int);\nCREATE DATABASE other;',
    line: 2,
    message: /a project is one database/,
  },
  {
    name: '\\connect',
    text: 'create table x (a int);\n\\connect other\n',
    line: 2,
    message: /would go to another database/,
  },
  { name: '\\i', text: 'create table x (a int);\n\\i other.sql\n', line: 2, message: /a command for psql/ },
  {
    name: '\\gexec after a statement',
    text: `create table x (a int);\nselect 'drop table x' \\gexec\n`,
    line: 2,
    message: /a command for psql/,
  },
  {
    name: 'another encoding',
    text: `create table x (a int);\nSET client_encoding = 'LATIN1';`,
    line: 2,
    message: /only UTF-8/,
  },
  {
    name: 'bytes that are not UTF-8',
    text: Buffer.concat([
      Buffer.from("create table x (a text); insert into x values ('"),
      Buffer.from([0xe4]),
      Buffer.from("');"),
    ]),
    message: /not UTF-8/,
  },
  {
    name: 'a file cut off in a string',
    text: "create table x (a text);\ninsert into x values ('abc",
    message: /a quoted string that begins in line 2 never ends/,
  },
  {
    name: 'a file cut off in COPY data',
    text: 'create table x (a text);\ncopy x from stdin;\n1\n2\n',
    message: /the data of COPY that begins in line 2 never ends/,
  },
  { name: 'a custom-format dump', text: Buffer.from('PGDMP\x01\x0e\x00rest'), message: /custom format/ },
  { name: 'a compressed file', text: Buffer.from([0x1f, 0x8b, 8, 0, 1]), message: /compressed/ },
  {
    name: 'reading a file of the server',
    text: "create table x (a text);\ncopy x from '/etc/passwd';",
    line: 2,
    message: /permission denied to COPY from a file/,
  },
  {
    name: 'a statement that PostgreSQL allows in no transaction',
    text: 'create table x (a int);\nvacuum;',
    line: 2,
    message: /VACUUM cannot run inside a transaction block/,
  },
];

describe('importing a file', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let folder: string;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    folder = mkdtempSync(join(tmpdir(), 'magflock-import-'));
  });
  after(async () => {
    await project.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function file(text: string | Buffer): string {
    const path = join(folder, 'import.sql');
    writeFileSync(path, text);
    return path;
  }
  const run = (text: string | Buffer) => cluster.storage.import({ project: project.ref, file: file(text) });
  const empty = () =>
    project.sql('drop schema public cascade; create schema public; grant usage on schema public to anon');

  it('takes what pg_dump writes, its COPY data to the letter, and says what it left out', async () => {
    const { rows, statements, notices, bytes, totalBytes } = await run(dump);
    equal(rows, 3);
    ok(statements > 10, `${statements} statements`);
    equal(bytes, totalBytes);
    const people = await project.query(
      'select id, name, mood, public.twice(id) as twice from public.people order by id',
    );
    deepEqual(people.rows, [
      { id: 1, name: 'Ann; -- no comment', mood: 'sad', twice: 2 },
      { id: 2, name: null, mood: "it's; ok", twice: 4 },
      { id: 3, name: 'tab\there', mood: 'sad', twice: 6 },
    ]);
    const text = (notices ?? []).join('\n');
    for (const part of [
      'OWNER TO joe',
      'some_role_of_the_old_server',
      'a_setting_of_a_newer_server',
      'CREATE SCHEMA public',
      'supabase_vault',
    ]) {
      match(text, new RegExp(part));
    }
    const { rows: owners } = await project.query(
      `select distinct tableowner from pg_tables where schemaname = 'public'`,
    );
    deepEqual(owners, [{ tableowner: `owner_${project.ref}` }]);
    await empty();
  });

  it('puts extensions where a dump of Supabase wants them, and requests find what is in them', async () => {
    await run(`CREATE SCHEMA IF NOT EXISTS "extensions";
      ALTER SCHEMA extensions OWNER TO postgres;
      GRANT USAGE ON SCHEMA extensions TO anon;
      CREATE EXTENSION IF NOT EXISTS "citext" WITH SCHEMA "extensions";
      CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA "extensions";
      CREATE TABLE public.people (id uuid DEFAULT extensions.uuid_generate_v4() PRIMARY KEY, name extensions.citext);
      INSERT INTO public.people (name) VALUES ('Ann');
      GRANT SELECT ON public.people TO anon;`);
    const lane = await cluster.connect(cluster.logins.authenticator(project.ref), project.database);
    try {
      await lane.query('begin');
      await lane.query('set local role anon');
      const path = (await cluster.storage.dataApiSettings(project.ref)).dbExtraSearchPath;
      await lane.query(`set local search_path = ${path.join(', ')}`);
      const { rows } = await lane.query(`select count(*)::int as n from people where name = 'ann'`);
      deepEqual(rows, [{ n: 1 }]);
      await rejects(lane.query('create table extensions.x (a int)'), { code: '42501' });
    } finally {
      await lane.end();
    }
    await project.sql('drop extension citext cascade; drop extension "uuid-ossp" cascade');
    await empty();
  });

  it('takes BEGIN and COMMIT of a file as part of its own transaction', async () => {
    await rejects(run('begin; create table x (a int); commit; select 1/0;'), { code: 'MF511' });
    equal(await tables(), '0');
    await run('BEGIN;\ncreate table x (a int);\nCOMMIT;\n');
    equal(await tables(), '1');
    await empty();
  });

  for (const { name, text, line, message, fix } of refused) {
    it(`imports nothing of a file with ${name}`, async () => {
      await rejects(
        run(text),
        (error: { code: string; message: string; fix?: string; details?: { line?: number } }) => {
          equal(error.code, 'MF511');
          match(error.message, message);
          if (fix !== undefined) match(error.fix ?? '', fix);
          if (line !== undefined) equal(error.details?.line, line);
          return true;
        },
      );
      equal(await tables(), '0');
    });
  }

  it('names a file that is not there', async () => {
    await rejects(cluster.storage.import({ project: project.ref, file: join(folder, 'none.sql') }), {
      code: 'MF805',
    });
  });

  it('stops when the caller cancels, and imports nothing', async () => {
    const controller = new AbortController();
    const path = file('create table x (a int);\nselect pg_sleep(30);\n');
    const running = cluster.storage.import({ project: project.ref, file: path }, controller.signal);
    setTimeout(() => controller.abort(), 300);
    const began = performance.now();
    await rejects(running, { code: 'MF606' });
    ok(performance.now() - began < 5000);
    equal(await tables(), '0');
  });

  it('shows progress while it runs, and others are answered meanwhile', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, index) => `${index}\tsome text to make the line longer\n`,
    );
    const path = file(
      `create table x (a int, b text);\ncopy x from stdin;\n${lines.join('')}\\.\nselect pg_sleep(0.5);\n`,
    );
    const request = { project: project.ref, file: path };
    const running = cluster.storage.import(request);
    const seen: number[] = [];
    while (seen.length < 10) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      seen.push(cluster.storage.importProgress(request)?.bytes ?? -1);
      equal((await cluster.storage.sql(project.ref, 'select 1 as one'))[0]?.count, 1);
    }
    const { rows } = await running;
    equal(rows, 60_000);
    ok(
      seen.some((bytes) => bytes > 0),
      seen.join(),
    );
    equal(cluster.storage.importProgress(request), null);
    await empty();
  });

  it('imports Chinook: eleven tables', async function () {
    if (!existsSync(chinook)) this.skip();
    const { rows } = await cluster.storage.import({ project: project.ref, file: chinook });
    equal(await tables(), '11');
    equal(rows, 15_607);
    const { tables: found } = await cluster.storage.catalog(project.ref);
    deepEqual(
      found.map(({ name, primaryKey }) => `${name}(${primaryKey})`),
      [
        'album(album_id)',
        'artist(artist_id)',
        'customer(customer_id)',
        'employee(employee_id)',
        'genre(genre_id)',
        'invoice(invoice_id)',
        'invoice_line(invoice_line_id)',
        'media_type(media_type_id)',
        'playlist(playlist_id)',
        'playlist_track(playlist_id,track_id)',
        'track(track_id)',
      ],
    );
  });

  async function tables(): Promise<unknown> {
    const { rows } = await project.query(
      `select count(*) as count from pg_tables where schemaname = 'public'`,
    );
    return rows[0]?.['count'];
  }
});
