import { deepEqual, equal } from 'node:assert/strict';
import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import { type LaneBed, laneBed } from '../support/postgres-lanes.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** What one transaction leaves behind on a connection that others share. */
describe('a session of the pipelined lane', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: LaneBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
  });
  after(async () => {
    await project.remove();
  });
  beforeEach(() => {
    bed = laneBed(cluster, project.ref);
  });
  afterEach(() => bed.close());

  const leftovers: readonly [name: string, value: string, after: string][] = [
    ['app.tenant', 'of somebody', ''],
    ['response.headers', '[{"Set-Cookie":"session=1"}]', ''],
    ['synchronous_commit', 'off', 'on'],
    ['lock_timeout', '1', '0'],
    ['bytea_output', 'escape', 'hex'],
    ['extra_float_digits', '-10', '1'],
  ];

  for (const [name, value, expected] of leftovers) {
    it(`forgets ${name}, which code of the project set for the session`, async () => {
      const pid = await bed.read('pg_backend_pid()');
      await bed.write(`set_config('${name}', '${value}', false)`);
      equal(await bed.read(`current_setting('${name}')`), expected);
      equal(await bed.read('pg_backend_pid()'), pid);
    });
  }

  it('answers each statement that cannot be prepared with its own error, however many come at once', async () => {
    await bed.read('1');
    const pid = await bed.read('pg_backend_pid()');
    const one = async (): Promise<string> => {
      try {
        await bed.run('select nothere as body, 1::bigint as rows');
        return 'answered';
      } catch (thrown) {
        return thrown instanceof DatabaseFailure ? thrown.facts.sqlstate : String(thrown);
      }
    };
    // The first one tells the lane that this shape is quick: from then on they share a connection.
    await one();
    const ends = new Set(await Promise.all(Array.from({ length: 200 }, one)));
    deepEqual([...ends], ['42703']);
    equal(await bed.read('pg_backend_pid()'), pid);
  });

  it('keeps few long statements prepared, because the server keeps a tree of each', async () => {
    const long = (index: number): string =>
      `select '${index}' as body, 1::bigint as rows -- ${'x'.repeat(100_000)}`;
    for (let index = 0; index < 20; index += 1) {
      equal((await bed.run(long(index % 10))).body, String(index % 10));
    }
    equal((await bed.run(`${long(0)}${'x'.repeat(500_000)}`)).body, '0');
    const { body } = await bed.run(
      `select sum(length(statement))::text as body, 1::bigint as rows from pg_prepared_statements`,
    );
    equal(Number(body) < 600_000 && Number(body) > 300_000, true, `${body} characters`);
  });

  it('prepares a statement again that code of the project deallocated', async () => {
    const sql = `select 'here' as body, 1::bigint as rows`;
    await bed.run(sql);
    const { body: names } = await bed.run(
      `select coalesce(string_agg(name, ','), '') as body, 1::bigint as rows from pg_prepared_statements
        where statement = $1`,
      { parameters: [sql] },
    );
    await project.sql(`create or replace function forget() returns text language plpgsql as $$ begin
      execute 'deallocate ${names}'; return 'forgotten'; end $$`);
    equal(await bed.read('forget()'), 'forgotten');
    for (let count = 0; count < 3; count += 1) equal((await bed.run(sql)).body, 'here');
  });
});
