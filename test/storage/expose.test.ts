import { deepEqual, rejects } from 'node:assert/strict';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

describe('Storage, expose', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(
      'create table item (id serial primary key); create view item_view as select * from item',
    );
  });

  after(() => project?.remove());

  const expose = (table: string, operations: readonly ('select' | 'insert')[], rowSecurity?: boolean) =>
    cluster.storage.expose({ project: project.ref, table, role: 'anon', operations, rowSecurity });
  const privileges = async (): Promise<unknown> => {
    const { rows } = await project.query(
      `select has_table_privilege('anon', 'item', 'select') as s, has_table_privilege('anon', 'item', 'insert') as i,
              has_table_privilege('anon', 'item', 'delete') as d, has_sequence_privilege('anon', 'item_id_seq', 'usage') as q`,
    );
    return rows[0];
  };

  it('grants what was asked and no more', async () => {
    deepEqual(await expose('item', ['select']), { rowSecurity: false, policies: 0 });
    deepEqual(await privileges(), { s: true, i: false, d: false, q: false });
    deepEqual(await expose('item', ['insert']), { rowSecurity: false, policies: 0 });
    deepEqual(await privileges(), { s: true, i: true, d: false, q: true });
  });

  it('switches row security on and off, and leaves it when not asked', async () => {
    await project.sql('create policy p on item for select to anon using (true)');
    deepEqual(await expose('item', ['select'], true), { rowSecurity: true, policies: 1 });
    deepEqual(await expose('item', ['select']), { rowSecurity: true, policies: 1 });
    deepEqual(await expose('item', ['select'], false), { rowSecurity: false, policies: 1 });
  });

  it('names the nearest table for one that is not there', async () => {
    await rejects(expose('itme', ['select']), { code: 'MF401', fix: 'Did you mean "item"?' });
    await rejects(expose('item"; drop table item; --', ['select']), { code: 'MF401' });
  });

  it('grants on a view, whose row security is that of its tables', async () => {
    deepEqual(await expose('item_view', ['select']), { rowSecurity: false, policies: 0 });
    await rejects(expose('item_view', ['select'], true), { code: 'MF403' });
  });

  it('grants on a table of another schema with what is needed to reach it, for secret keys too', async () => {
    await project.sql(
      'create schema shop; create table shop.product (id serial primary key); create table shop.hidden ()',
    );
    deepEqual(await expose('shop.product', ['select'], true), { rowSecurity: true, policies: 0 });
    const { rows } = await project.query(
      `select has_schema_privilege('anon', 'shop', 'usage') as u, has_table_privilege('anon', 'shop.product', 'select') as s,
              has_table_privilege('anon', 'shop.product', 'insert') as i, has_table_privilege('anon', 'shop.hidden', 'select') as h,
              has_table_privilege('service_role', 'shop.product', 'insert') as v,
              has_sequence_privilege('service_role', 'shop.product_id_seq', 'usage') as q`,
    );
    deepEqual(rows[0], { u: true, s: true, i: false, h: false, v: true, q: true });
    await rejects(expose('product', ['select']), { code: 'MF401', fix: 'Did you mean "shop.product"?' });
    await rejects(expose('pg_catalog.pg_authid', ['select']), { code: 'MF401' });
    await rejects(expose('information_schema.tables', ['select']), { code: 'MF401' });
  });

  it('takes a name with a dot in it from public first', async () => {
    await project.sql('create table public."shop.product" ()');
    deepEqual(await expose('shop.product', ['select']), { rowSecurity: false, policies: 0 });
  });

  it('refuses other roles, and a grant of nothing', async () => {
    await rejects(
      cluster.storage.expose({
        project: project.ref,
        table: 'item',
        role: 'service_role' as 'anon',
        operations: ['select'],
        rowSecurity: undefined,
      }),
      { code: 'MF403' },
    );
    await rejects(expose('item', []), { code: 'MF403' });
  });
});
