import assert from 'node:assert/strict';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { StatementFacts, StatementVerdict } from '../../../runtime/protocol/sentinel.protocol.ts';
import { createDbReadCapability } from '../../../sandbox/broker/capabilities/db-read.capability.ts';
import type { ExtensionDatabases } from '../../../sandbox/broker/database/extension-databases.ts';
import { StatementVerdicts } from '../../../sandbox/broker/database/statement-verdicts.ts';

describe('verdicts on statements of an extension', () => {
  let now: number;
  let asked: StatementFacts[];
  let patience: number[];
  let told: number[];
  let answer: () => Partial<StatementVerdict>;
  let whenUnjudged: 'open' | 'closed';
  let verdicts: StatementVerdicts;

  beforeEach(() => {
    now = 1_000_000;
    [asked, patience, told] = [[], [], []];
    answer = () => ({ action: 'allow' });
    whenUnjudged = 'open';
    verdicts = new StatementVerdicts({
      async judge(facts, timeoutMs) {
        asked.push(facts);
        patience.push(timeoutMs);
        return answer() as StatementVerdict;
      },
      whenUnjudged: () => whenUnjudged,
      unjudged: (_error, times) => told.push(times),
      now: () => now,
    });
  });

  const demand = (text: string, project = 'main', deadline = now + 60_000) =>
    verdicts.demand({ extension: 'acme.x', project, requestId: 'r-1', deadline }, text);
  const away = (): never => {
    throw new MagFlockError('MF602', 'late');
  };

  it('are asked for once, then a text passes without a promise', async () => {
    await demand('select 1');
    assert.equal(demand('select 1'), undefined);
    assert.deepEqual(asked, [
      {
        project: 'main',
        route: 'extension:acme.x',
        text: 'select 1',
        address: 'extension:acme.x',
        requestId: 'r-1',
      },
    ]);
  });

  it('are asked for again in another project, and after five minutes', async () => {
    await demand('select 1');
    await demand('select 1', 'shop');
    now += 300_001;
    await demand('select 1');
    assert.equal(asked.length, 3);
  });

  for (const action of ['log', 'throttle'] as const) {
    it(`let pass what is only seen: ${action}`, async () => {
      answer = () => ({ action, incident: 'i-1' });
      await demand('select 1');
      assert.equal(demand('select 1'), undefined);
    });
  }

  for (const action of ['block', 'escalate'] as const) {
    it(`refuse with the incident, each time anew: ${action}`, async () => {
      answer = () => ({ action, incident: `i-${asked.length}` });
      for (const incident of ['i-1', 'i-2']) {
        await assert.rejects(async () => demand('select 1'), {
          code: 'MF301',
          details: { incident, extension: 'acme.x' },
        });
      }
    });
  }

  it('that nobody gave let pass or refuse, as the policy says, and are not remembered', async () => {
    answer = away;
    await demand('select 1');
    whenUnjudged = 'closed';
    await assert.rejects(async () => demand('select 1'), { code: 'MF304' });
    answer = () => ({ action: 'block' });
    await assert.rejects(async () => demand('select 1'), { code: 'MF304' });
    assert.equal(asked.length, 3);
  });

  it('that nobody gave are told every ten seconds with their number', async () => {
    answer = away;
    for (let at = 0; at < 5; at += 1) await demand(`select ${at}`);
    now += 10_000;
    await demand('select 9');
    assert.deepEqual(told, [1, 5]);
  });

  it('are waited for five seconds, or until the call ends', async () => {
    await demand('select 1');
    await demand('select 2', 'main', now + 700);
    await demand('select 3', 'main', now - 1);
    assert.deepEqual(patience, [5000, 700, 1]);
  });

  it('are bounded in memory by characters', async () => {
    for (let at = 0; at < 40; at += 1) await demand(`${'x'.repeat(60_000)}${at}`);
    assert.ok(demand(`${'x'.repeat(60_000)}0`) !== undefined, 'the oldest was forgotten');
    assert.equal(demand(`${'x'.repeat(60_000)}39`), undefined);
  });

  it('are asked for before anything else reads the statement', async () => {
    answer = () => ({ action: 'block', incident: 'i-1' });
    const databases = { use: () => assert.fail('it ran') } as unknown as ExtensionDatabases;
    const check = { facts: () => assert.fail('it was read') } as never;
    const { query } = createDbReadCapability({ databases, check, verdicts }).methods;
    const call = {
      extension: 'acme.x',
      name: 'x',
      project: 'main',
      requestId: null,
      scopes: ['*'],
      args: ['select 1; drop table a'],
      signal: new AbortController().signal,
      deadline: now + 1000,
      spend: () => {},
    };
    await assert.rejects(async () => query?.(call), { code: 'MF301' });
  });
});
