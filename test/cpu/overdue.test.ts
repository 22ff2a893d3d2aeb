import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOverdue } from '../../actors/cpu/overdue.ts';
import type { PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { serve } from './serve.ts';

/** method → status and code of a request that Storage never settles */
const rows: readonly [string, number, string][] = [
  ['GET', 504, 'MF602'],
  ['POST', 503, 'MF501'],
];

describe('a request long over its deadline', () => {
  for (const [method, status, code] of rows) {
    it(`is answered ${status} ${code} when it is a ${method}, once`, async () => {
      await using served = await serve();
      const { promise, resolve } = Promise.withResolvers<PlanResult>();
      served.fakes.onExecute = () => promise;
      const headers = { 'X-API-Key': fakeKeys.public, 'Content-Type': 'application/json' };
      const answering = fetch(`${served.url}/api/track`, {
        method,
        headers,
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      while (!served.fakes.seen.some((word) => word.startsWith('execute'))) await pause(2);

      answerOverdue(served.front.parts);
      assert.equal(served.front.parts.inFlight.size, 1, 'it is not overdue yet');
      const { limits } = served.front.parts;
      answerOverdue({ ...served.front.parts, limits: { ...limits, requestTimeoutMs: -5_000 } });
      answerOverdue({ ...served.front.parts, limits: { ...limits, requestTimeoutMs: -5_000 } });

      const answer = await answering;
      const problem = (await answer.json()) as { code: string };
      assert.equal(answer.status, status);
      assert.equal(problem.code, code);
      assert.equal(answer.headers.get('retry-after'), null);
      resolve({ body: '{}', rows: 1, location: undefined, databaseMs: 1 });
      await pause(10);
      assert.equal(served.front.parts.inFlight.size, 0);
      const text = await served.metrics.metrics();
      const counted = [...text.matchAll(/^magflock_http_requests_total\{.*\} (\d+)$/gm)].map(
        (match) => match[1],
      );
      assert.deepEqual(counted, ['1']);
    });
  }
});
