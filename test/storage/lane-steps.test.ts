import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Plan, PlanResult, PlanStep } from '../../runtime/protocol/plan.protocol.ts';
import { type LaneBed, laneBed, outboxRow } from '../support/postgres-lanes.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** Plans of several statements in the pipelined lane. */
describe('the steps of a plan in the pipelined lane', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: LaneBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(`
      create table item (id int primary key, name text not null);
      create table note (id int, item int references item deferrable initially deferred);
    `);
  });
  after(async () => {
    await project.remove();
  });
  beforeEach(async () => {
    bed = laneBed(cluster, project.ref);
    await project.sql('truncate item, note');
  });
  afterEach(async () => {
    await bed.close();
    equal(bed.lanes.connections, 0);
  });

  const step = (sql: string, more: Partial<PlanStep> = {}): PlanStep => ({
    name: 'a step',
    operation: 'insert',
    table: { schema: 'public', name: 'item' },
    sql: /\bas body\b/.test(sql) ? sql : `select (${sql})::text as body, 1::bigint as rows`,
    parameters: [],
    parameterColumns: [],
    shape: sql,
    ...more,
  });
  const insert = (id: number | string, more: Partial<PlanStep> = {}): PlanStep =>
    step(
      `with put as (insert into item values ($1, 'n') returning id)
       select max(id)::text as body, count(*) as rows from put`,
      { parameters: [String(id)], parameterColumns: ['id'], ...more },
    );
  const run = (
    access: 'read' | 'write',
    statements: readonly PlanStep[],
    plan: Partial<Plan> = {},
  ): Promise<PlanResult> => {
    const [first, ...steps] = statements as [PlanStep, ...PlanStep[]];
    const { sql, parameters, shape, name } = first;
    const options = { parameters, shape, plan: { name, steps, ...plan } };
    return access === 'write' ? bed.write(sql, options) : bed.run(sql, options);
  };
  const bodies = ({ body, steps }: PlanResult): (string | null)[] => [
    body,
    ...(steps ?? []).map((one) => one.body),
  ];
  const items = (): Promise<string | null> => bed.read('(select count(*) from item)');

  it('run in order in one transaction, each with its answer', async () => {
    const result = await run('write', [
      insert(1),
      step(`'text ä ' || count(*) from item; --`.replace('; --', ''), {
        sql: `select 'ä ' || count(*) as body, 7::bigint as rows from item`,
      }),
      insert(2, { shape: undefined }),
      step('pg_catalog.pg_current_xact_id_if_assigned() is not null'),
    ]);
    deepEqual(bodies(result), ['1', 'ä 1', '2', 'true']);
    deepEqual(
      result.steps?.map(({ rows }) => rows),
      [7, 1, 1],
    );
    equal(await items(), '2');
  });

  it('see what an earlier one set, and nobody after them does', async () => {
    const set = (value: string): PlanStep =>
      step(`set_config('magflock.step_0', $1, true)`, { parameters: [value] });
    const get = step(`coalesce(nullif(current_setting('magflock.step_0', true), ''), 'none')`);
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0 ? run('read', [set(`value ${index}`), get]) : run('read', [get, get]),
      ),
    );
    for (const [index, result] of many.entries()) {
      equal(bodies(result)[1], index % 2 === 0 ? `value ${index}` : 'none');
    }
  });

  it('a hundred are one round trip, also the second time', async () => {
    for (const round of [0, 1]) {
      const statements = Array.from({ length: 100 }, (_, index) => insert(round * 100 + index));
      const result = await run('write', statements);
      equal(bodies(result).length, 100);
      equal(bodies(result)[99], String(round * 100 + 99));
    }
    equal(await items(), '200');
  });

  it('more shapes than are kept on a connection are no trouble', async () => {
    await bed.close();
    bed = laneBed(cluster, project.ref, { statements: 5 });
    for (let round = 0; round < 3; round++) {
      const statements = Array.from({ length: 30 }, (_, index) => step(`${index}`));
      deepEqual(
        bodies(await run('read', statements)),
        statements.map((_, index) => String(index)),
      );
    }
  });

  for (const failing of [0, 1, 2, 3]) {
    it(`statement ${failing} of four fails: nothing is done, and the failure says which`, async () => {
      const statements = [10, 11, 12, 13].map((id) => insert(id));
      statements[failing] = insert('ten', { name: 'bad' });
      await rejects(
        run('write', statements),
        ({ facts }: { facts?: { step?: number; parameter?: number } }) => {
          deepEqual([facts?.step, facts?.parameter], [failing, 0]);
          return true;
        },
      );
      equal(await items(), '0');
      // Statements that were never prepared do not stay so.
      equal(
        bodies(
          await run(
            'write',
            [1, 2, 3, 4].map((id) => insert(id)),
          ),
        )[3],
        '4',
      );
    });
  }

  it('a statement that cannot be parsed is told like one that fails', async () => {
    const statements = [insert(1), step('x', { sql: 'select nothing as body, 1 as rows', shape: 'bad' })];
    for (let round = 0; round < 2; round++) {
      await rejects(
        run('write', statements),
        ({ facts }: { facts?: { step?: number } }) => facts?.step === 1,
      );
    }
    equal(await items(), '0');
  });

  it('what a step refuses, and what runs out of time, has number and name', async () => {
    const refused = step(`mg_sys.refuse('MF409', 'no')`, { name: 'order' });
    await rejects(run('write', [insert(1), refused]), (error: { code?: string; details?: object }) => {
      deepEqual([error.code, error.details], ['MF409', { step: 1, id: 'order' }]);
      return true;
    });
    await rejects(
      run(
        'write',
        [
          step('pg_sleep(5)', { name: 'slow', sql: `select pg_sleep(5)::text as body, 1::bigint as rows` }),
          insert(1),
        ],
        {
          limits: { timeMs: 100 },
        },
      ),
      (error: { code?: string; details?: { step?: number; id?: string } }) => {
        deepEqual([error.code, error.details?.step, error.details?.id], ['MF426', 0, 'slow']);
        return true;
      },
    );
    equal(await items(), '0');
  });

  it('a constraint that is looked at in the end undoes all; no step is to blame', async () => {
    const put = step('', {
      sql: `with put as (insert into note values (1, 999) returning 1) select 'put' as body, count(*) as rows from put`,
      shape: 'put note',
    });
    await rejects(
      run('write', [insert(1), put]),
      ({ facts }: { facts?: { sqlstate: string; step?: number } }) => {
        deepEqual([facts?.sqlstate, facts?.step], ['23503', undefined]);
        return true;
      },
    );
    equal(await items(), '0');
  });

  it('cannot write when the plan reads', async () => {
    await rejects(
      run('read', [step('1'), insert(1)]),
      ({ facts }: { facts?: { sqlstate: string; step?: number } }) => {
        deepEqual([facts?.sqlstate, facts?.step], ['25006', 1]);
        return true;
      },
    );
  });

  it('are undone with their plan, and go with all else that a plan may ask for', async () => {
    const plan: Partial<Plan> = {
      end: 'rollback',
      isolation: 'serializable',
      settings: '{"app.settings.x":"y"}',
      before: `select set_config('app.before', 'b', true)`,
      explain: { sql: 'select 1', parameters: [] },
    };
    const seen = step(`current_setting('app.settings.x') || current_setting('app.before')`);
    const result = await run('write', [insert(1), seen], plan);
    deepEqual(bodies(result), ['1', 'yb']);
    ok(result.explain?.startsWith('['));
    equal(await items(), '0');
  });

  it('share the limit of bytes, and one that none of them reaches alone is told', async () => {
    const long = step(`repeat('x', 600)`);
    const limits = { bytes: 1000 };
    equal(bodies(await run('read', [long], { limits })).length, 1);
    await rejects(run('read', [long, step('1'), long], { limits }), { code: 'MF426' });
  });

  it('a step without a row is no answer', async () => {
    const none = step('', { sql: 'select 1 as body, 1 as rows where false', shape: 'none' });
    await rejects(run('read', [step('1'), none, step('2')]), { code: 'MF500' });
  });

  it('have one audit row', async () => {
    const outbox = outboxRow();
    const statements = [insert(1), insert(2)];
    const [first, ...steps] = statements as [PlanStep, PlanStep];
    await bed.write(first.sql, { parameters: first.parameters, outbox, plan: { steps } });
    const superuser = await cluster.superuser(project.database);
    const { rows } = await superuser.query('select count(*)::int as n from mg_sys.outbox where id = $1', [
      outbox.id,
    ]);
    await superuser.end();
    equal(rows[0].n, 1);
  });

  it('are answered in full when a read behind them moves to another connection', async () => {
    const slow = step('', { sql: `select pg_sleep(0.2)::text as body, 1::bigint as rows`, shape: 'slow' });
    const results = await Promise.all([
      run('read', [slow, step('1')]),
      ...Array.from({ length: 20 }, (_, index) => run('read', [step('1'), step(`${index}`), step('3')])),
    ]);
    deepEqual(
      results.slice(1).map(bodies),
      Array.from({ length: 20 }, (_, index) => ['1', String(index), '3']),
    );
  });

  it('that are done once are answered again in full', async () => {
    const [first, ...steps] = [insert(1), insert(2), step(`'x'`)] as [PlanStep, ...PlanStep[]];
    const plan: Plan = {
      ...first,
      access: 'write',
      schemaVersion: 1,
      answer: { status: 200, contentType: 'application/json' },
      steps,
    };
    const identity = {
      project: project.ref,
      role: 'service_role',
      claims: '{}',
      isAnonymous: false,
      keyId: 'k',
      scopes: {},
    };
    const once = { key: 'a key', digest: 'd' };
    const answers: PlanResult[] = [];
    for (let round = 0; round < 2; round++) {
      answers.push(await bed.lanes.executeOnce(plan, identity, outboxRow(), Date.now() + 5000, once));
    }
    deepEqual(answers.map(bodies), [
      ['1', '2', 'x'],
      ['1', '2', 'x'],
    ]);
    equal(answers[1]?.replayed, true);
    equal(await items(), '2');
  });
});
