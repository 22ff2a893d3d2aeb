import assert from 'node:assert/strict';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** What is made, and the findings that exactly it brings: rule and object. */
const cases: readonly { readonly name: string; readonly sql: string; readonly finds: readonly string[] }[] = [
  { name: 'a table that only secret keys reach', sql: 'create table a1 (id int primary key)', finds: [] },
  {
    name: 'a table that strangers read without row security',
    sql: 'create table a2 (id int primary key); grant select on a2 to anon',
    finds: ['table-without-row-security public.a2'],
  },
  {
    name: 'a table of which strangers may insert one column',
    sql: 'create table a3 (id int primary key, note text); grant insert (note) on a3 to anon',
    finds: ['table-without-row-security public.a3'],
  },
  {
    name: 'row security with a policy that is as it should be',
    sql: `create table a4 (id int primary key, owner uuid not null); create index on a4 (owner);
          alter table a4 enable row level security; grant select on a4 to authenticated;
          create policy own on a4 for select to authenticated using (owner = (select auth.uid()))`,
    finds: [],
  },
  {
    name: 'policies that are not in force',
    sql: `create table a5 (id int primary key); grant select on a5 to anon;
          create policy p on a5 for select to anon using (id > 0)`,
    finds: ['policy-without-row-security public.a5'],
  },
  {
    name: 'a grant that gives nothing',
    sql: 'create table a6 (id int primary key); grant select on a6 to anon; alter table a6 enable row level security',
    finds: ['row-security-without-policy public.a6'],
  },
  {
    name: 'a call for each row, and no index',
    sql: `create table a7 (id int primary key, owner uuid); alter table a7 enable row level security;
          grant select on a7 to authenticated;
          create policy own on a7 for select to authenticated using (owner = auth.uid())`,
    finds: ['policy-calls-per-row public.a7', 'policy-without-index public.a7'],
  },
  {
    name: 'one call in a sub-select and one for each row',
    sql: `create table a8 (id int primary key, owner uuid, role text); create index on a8 (owner);
          alter table a8 enable row level security; grant select on a8 to authenticated;
          create policy own on a8 for select to authenticated
            using (owner = (select auth.uid()) and role = current_setting('app.role', true))`,
    finds: ['policy-calls-per-row public.a8'],
  },
  {
    name: 'strangers write what they like',
    sql: `create table a9 (id int primary key); alter table a9 enable row level security; grant insert on a9 to anon;
          create policy p on a9 for insert to anon with check (true)`,
    finds: ['policy-lets-everybody-write public.a9'],
  },
  {
    name: 'a policy that believes the user',
    sql: `create table b1 (id int primary key, team text); create index on b1 (team);
          alter table b1 enable row level security; grant select on b1 to authenticated;
          create policy p on b1 for select to authenticated
            using (team = (select auth.jwt() -> 'user_metadata' ->> 'team'))`,
    finds: ['policy-trusts-user-metadata public.b1'],
  },
  {
    name: 'a view that shows a guarded table as its owner sees it',
    sql: `create table b2 (id int primary key); alter table b2 enable row level security;
          create view b2_all as select * from b2; grant select on b2_all to anon`,
    finds: ['view-runs-as-owner public.b2_all'],
  },
  {
    name: 'the same view, run as who asks',
    sql: `create table b3 (id int primary key); alter table b3 enable row level security;
          create view b3_all with (security_invoker = true) as select * from b3; grant select on b3_all to anon`,
    finds: [],
  },
  {
    name: 'a materialized view that strangers read',
    sql: 'create materialized view b4 as select 1 as one; grant select on b4 to anon',
    finds: ['materialized-view-exposed public.b4'],
  },
  {
    name: 'a function that runs as its owner',
    sql: `create function b5(n int) returns int language sql security definer as 'select 1'`,
    finds: ['function-runs-as-owner public.b5(n integer)'],
  },
  {
    name: 'the same that only secret keys call, and a trigger',
    sql: `create function b6() returns int language sql security definer set search_path = '' as 'select 1';
          revoke execute on function b6() from public;
          create function b7() returns trigger language plpgsql security definer as 'begin return new; end'`,
    finds: [],
  },
  {
    name: 'a name that has to be quoted',
    sql: `create table "Odd ""name%s" (id int primary key); grant select on "Odd ""name%s" to anon`,
    finds: ['table-without-row-security public."Odd ""name%s"'],
  },
];

describe('the linter of row security', function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let project: TestProject;
  let seen: readonly string[] = [];

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
  });
  after(() => project.remove());

  for (const { name, sql, finds } of cases) {
    it(`${finds.length === 0 ? 'finds nothing in' : 'finds'} ${name}`, async () => {
      await project.sql(sql);
      const found = await cluster.storage.lint(project.ref);
      const all = found.map(({ rule, object }) => `${rule} ${object}`);
      assert.deepEqual(all.filter((one) => !seen.includes(one)).sort(), [...finds].sort());
      for (const { detail, fix } of found) assert.ok(detail.length > 10 && fix.length > 10);
      seen = all;
    });
  }

  it('is what it says: the fix of a finding ends it', async () => {
    await project.sql(
      'alter view b2_all set (security_invoker = true); alter table a2 enable row level security',
    );
    const found = (await cluster.storage.lint(project.ref)).map(({ rule, object }) => `${rule} ${object}`);
    assert.ok(!found.includes('view-runs-as-owner public.b2_all'));
    assert.ok(!found.includes('table-without-row-security public.a2'));
  });

  it('leaves schemas alone that are not exposed', async () => {
    await project.sql(`create schema hidden; create table hidden.t (id int); grant usage on schema hidden to anon;
      grant select on hidden.t to anon`);
    const found = await cluster.storage.lint(project.ref);
    assert.ok(found.every(({ object }) => !object.startsWith('hidden.')));
  });
});
