import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fakeKeys } from '../support/fake-replicas.ts';
import { rawExchange, statuses } from './raw-exchange.ts';
import { serve } from './serve.ts';

const read = `GET /api/track/1 HTTP/1.1\r\nHost: a\r\nX-API-Key: ${fakeKeys.public}\r\n\r\n`;
const write = `POST /api/track HTTP/1.1\r\nHost: a\r\nX-API-Key: ${fakeKeys.public}\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"name":"x"}\n`;

/** A request with a few bytes replaced, inserted or removed. */
const mutated = fc
  .tuple(
    fc.constantFrom(read, write, read + write),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.uint8Array({ minLength: 1, maxLength: 4 })), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([request, changes]) => {
    let bytes = Buffer.from(request, 'latin1');
    for (const [place, kind, inserted] of changes) {
      const at = place % bytes.length;
      const rest = bytes.subarray(kind === 0 ? at : at + inserted.length);
      bytes = Buffer.concat([bytes.subarray(0, at), kind === 2 ? Buffer.alloc(0) : inserted, rest]);
    }
    return bytes;
  });

describe('hostile bytes', () => {
  it('get an answer that is no 500, or none, and never stop the others from being served', async () => {
    await using served = await serve({ 'limits.requestTimeoutMs': 1_000 });
    await fc.assert(
      fc.asyncProperty(mutated, async (bytes) => {
        const answer = await rawExchange(served.port, bytes, { end: true, timeoutMs: 3_000 });
        for (const status of statuses(answer.text))
          assert.ok(status < 500, `${answer.text}\nto ${bytes.toString('latin1')}`);
        assert.equal(answer.error, undefined);
        assert.ok(answer.closed, `left open by ${bytes.toString('latin1')}`);
      }),
      { numRuns: 150 },
    );
    const answer = await rawExchange(served.port, read, { until: (text) => text.includes('\r\n\r\n') });
    assert.deepEqual(statuses(answer.text), [200]);
    assert.deepEqual(served.lines, [], 'nothing failed on our side');
  });
});
