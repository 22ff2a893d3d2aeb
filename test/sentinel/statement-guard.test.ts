import assert from 'node:assert/strict';
import { FairTurns } from '../../actors/sentinel/agents/fair-turns.ts';
import { parseStatement } from '../../actors/sentinel/statements/parse-statement.ts';
import { ShapeBook } from '../../actors/sentinel/statements/shape-book.ts';
import type { ShapeCount, StatementShape } from '../../actors/sentinel/statements/shape-store.ts';
import { StatementGuard } from '../../actors/sentinel/statements/statement-guard.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ModelVersion, PatrolRequest } from '../../runtime/protocol/patrol.protocol.ts';
import type { Incident, StatementVerdict } from '../../runtime/protocol/sentinel.protocol.ts';

const active: ModelVersion = { version: 'v1', folder: '/m', sha256: { values: '', statements: '' } };
const hour = 3_600_000;

describe('the guard of statements', () => {
  let now: number;
  let score: (text: string) => number;
  let mode: 'block' | 'simulate';
  let whenUnjudged: 'open' | 'closed';
  let models: boolean;
  let failing: 'judge' | 'parse' | 'load' | 'add' | null;
  let kept: (StatementShape & { readonly route: string })[];
  let written: ShapeCount[];
  let incidents: Incident[];
  let asked: PatrolRequest[];
  let failures: unknown[];
  let book: ShapeBook;
  let guard: StatementGuard;

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1);
    score = () => 0.01;
    mode = 'block';
    whenUnjudged = 'open';
    models = true;
    failing = null;
    [kept, written, incidents, asked, failures] = [[], [], [], [], []];
    book = new ShapeBook(
      {
        async load(_project, route) {
          if (failing === 'load') throw new Error('away');
          return kept.filter((one) => one.route === route);
        },
        async add(counts) {
          if (failing === 'add') throw new Error('away');
          written.push(...counts);
        },
      },
      (error) => failures.push(error),
      () => now,
    );
    guard = new StatementGuard({
      async judge(request) {
        asked.push(request);
        if (failing === 'judge') throw new MagFlockError('MF315', 'no model');
        const scores = request.texts.map((text) => ({ score: score(text), shadow: null, reason: null }));
        return { version: 'v1', shadowVersion: null, scores, tookMicros: 1 };
      },
      async parse(text) {
        if (failing === 'parse') throw new MagFlockError('MF602', 'late');
        return parseStatement(text);
      },
      models: () => (models ? { active, shadow: null } : null),
      mode: () => mode,
      whenUnjudged: () => whenUnjudged,
      shapes: book,
      report: (incident) => incidents.push(incident),
      unjudged: (error) => failures.push(error),
      now: () => now,
    });
  });

  const judge = (text: string, route = 'extension:acme.x'): Promise<StatementVerdict> =>
    guard.judgeStatement({ project: 'main', route, text, address: '192.0.2.9', requestId: 'r-1' });

  it('lets an honest statement pass and learns its shape', async () => {
    const verdict = await judge("select * from a where b = 'x'");
    assert.deepEqual([verdict.action, verdict.known, verdict.incident], ['allow', false, undefined]);
    const again = await judge("select * from a where b = 'y'");
    assert.deepEqual([again.known, again.fingerprint], [true, verdict.fingerprint]);
    await book.flush();
    assert.deepEqual(written, [
      { project: 'main', route: 'extension:acme.x', fingerprint: verdict.fingerprint, count: 2 },
    ]);
    assert.deepEqual(incidents, []);
  });

  it('blocks an attack, tells why, and does not learn from it', async () => {
    score = () => 0.9;
    const text = "select * from a where b = '' or 1=1 -- '";
    const verdict = await judge(text);
    assert.match(verdict.action, /block|escalate/);
    assert.equal((await judge(text)).known, false);
    await book.flush();
    assert.deepEqual(written, []);
    const [incident] = incidents;
    assert.equal(incident?.id, verdict.incident);
    assert.deepEqual(
      [incident?.surface, incident?.path, incident?.address, incident?.keyId, incident?.counts],
      ['sql', 'extension:acme.x', '192.0.2.9', null, false],
    );
    assert.deepEqual([incident?.enforced, incident?.explanation.model?.version], [true, 'v1']);
    assert.match(incident?.explanation.why ?? '', /holds for every row/);
    assert.equal(asked.length, 1, 'the second time nobody was asked');
  });

  it('does not let a shape that was learned speak for an attack with the same fingerprint', async () => {
    kept = [{ route: 'extension:acme.x', fingerprint: '1643c5a433eabadc', count: 1000, firstSeen: 0 }];
    const verdict = await judge("select * from a where x='' or 1=1 --' and pw=''");
    assert.deepEqual(
      [verdict.fingerprint, verdict.known, verdict.action],
      ['1643c5a433eabadc', true, 'block'],
    );
  });

  it('in mode simulate reports what it would have blocked, and lets it pass', async () => {
    mode = 'simulate';
    const verdict = await judge('select a from t union select usename from pg_user');
    assert.deepEqual([verdict.action, verdict.band], ['log', 'high']);
    assert.deepEqual([incidents[0]?.action, incidents[0]?.enforced], ['block', false]);
  });

  it('judges several statements as one text and each alone', async () => {
    score = (text) => (text === 'select 2' ? 0.97 : 0.01);
    const verdict = await judge('select 1; select 2; select 3');
    assert.match(verdict.action, /block|escalate/);
    assert.deepEqual(
      asked.map(({ texts }) => texts),
      [['select 1; select 2; select 3'], ['select 1', 'select 2', 'select 3']],
    );
    assert.equal(incidents[0]?.excerpt, 'select 2');
  });

  it('judges no pieces of what PostgreSQL does not read, but those of what is too long for its parser', async () => {
    await judge('begin; x := 1; end if;');
    assert.equal(asked.length, 1);
    await judge(`select '${'x'.repeat(70_000)}'; select 2`);
    assert.equal(asked[2]?.texts[1], 'select 2');
  });

  describe('where a route has settled', () => {
    const settle = (count: number, firstSeen = now - 2 * hour): void => {
      kept = [{ route: 'extension:acme.x', fingerprint: '50fde20626009aba', count, firstSeen }];
    };
    it('makes a new shape visible, once, and blocks nothing for it', async () => {
      settle(51);
      const verdict = await judge('select a from b');
      assert.deepEqual([verdict.action, verdict.band, verdict.signature], ['log', 'low', 'new-shape']);
      assert.deepEqual([incidents.length, incidents[0]?.enforced], [1, false]);
      assert.equal((await judge('select a from b')).action, 'allow');
    });
    it('leaves a known shape alone', async () => {
      settle(51);
      assert.equal((await judge('select 7')).action, 'allow');
    });
    it('never raises what is throttled already', async () => {
      settle(51);
      score = () => 0.55;
      const verdict = await judge('select a from b');
      assert.equal(verdict.action, 'throttle');
    });
    for (const [why, count, age] of [
      ['has sent few statements', 50, 2 * hour],
      ['had something new lately', 500, hour / 2],
    ] as const) {
      it(`says nothing of a new shape while the route ${why}`, async () => {
        settle(count, now - age);
        assert.equal((await judge('select a from b')).action, 'allow');
      });
    }
  });

  describe('when somebody is away', () => {
    for (const who of ['judge', 'parse'] as const) {
      it(`lets an honest statement pass without ${who}, or refuses it, as the policy says`, async () => {
        failing = who;
        assert.equal((await judge('select 1')).action, 'allow');
        whenUnjudged = 'closed';
        const verdict = await judge('select 1');
        assert.deepEqual([verdict.action, verdict.incident, incidents.length], ['block', undefined, 0]);
        assert.match(verdict.why, /whenUnjudged/);
        mode = 'simulate';
        assert.equal((await judge('select 1')).action, 'allow', 'simulate blocks nothing');
        failing = null;
        assert.equal((await judge('select 1')).action, 'allow', 'what was not judged is not remembered');
      });
    }
    it('still blocks what the parser alone decides', async () => {
      failing = 'judge';
      const verdict = await judge('select a from t union select usename from pg_user');
      assert.equal(verdict.action, 'block');
      assert.ok(verdict.incident);
    });
    it('asks no model when models are off, and refuses nothing for that', async () => {
      [models, whenUnjudged] = [false, 'closed'];
      assert.equal((await judge('select 1')).action, 'allow');
      assert.equal(asked.length, 0);
    });
    it('knows no shape while the database is away, and goes on', async () => {
      failing = 'load';
      assert.deepEqual([(await judge('select 1')).known, failures.length > 0], [false, true]);
      failing = null;
      await judge('select 1');
      assert.equal((await judge('select 2')).known, true);
      failing = 'add';
      await book.flush();
    });
  });

  it('forgets a project that is gone', async () => {
    await judge('select 1');
    book.forget('main');
    await book.flush();
    assert.deepEqual(written, []);
    assert.equal((await judge('select 1')).known, false);
  });
});

describe('work for shared workers', () => {
  it('is done one after the other, with a rest after what took long', async () => {
    let now = 0;
    const rests: { readonly ms: number; readonly end: () => void }[] = [];
    const turns = new FairTurns({
      now: () => now,
      after: (ms, end) => void rests.push({ ms, end }),
      patienceMs: () => 1_000,
    });
    const done: string[] = [];
    const work = (name: string, ms: number): Promise<void> =>
      turns.take(async () => {
        now += ms;
        done.push(name);
        if (name === 'fails') throw new RangeError('failed');
      });
    const [short, failed, long, late] = [
      work('short', 1),
      work('fails', 1),
      work('long', 1_500),
      work('late', 1),
    ];
    await short;
    await assert.rejects(failed, RangeError);
    await long;
    assert.deepEqual([done, rests.map(({ ms }) => ms)], [['short', 'fails', 'long'], [1_500]]);
    rests[0]?.end();
    await assert.rejects(late, { code: 'MF602' });
    await work('again', 1);
    assert.deepEqual(done, ['short', 'fails', 'long', 'again']);
  });
});
