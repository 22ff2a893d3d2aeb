import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeKeys } from '../support/fake-replicas.ts';
import { rawExchange, statuses } from './raw-exchange.ts';
import { serve } from './serve.ts';

const post = (length: number): string =>
  `POST /api/track HTTP/1.1\r\nHost: a\r\nX-API-Key: ${fakeKeys.public}\r\nContent-Length: ${length}\r\n\r\n`;
const megabyte = 2 ** 20;

describe('the memory for request bodies', () => {
  it('refuses bodies over it with 503 and serves again when the others are gone', async () => {
    await using served = await serve();
    // 70 clients that keep all but the last byte of a megabyte in our memory; there is room for 64.
    const clients = Array.from({ length: 70 }, () => {
      async function* almost(): AsyncGenerator<string> {
        yield post(megabyte);
        yield 'x'.repeat(megabyte - 1);
      }
      return rawExchange(served.port, almost(), { timeoutMs: 2_500 });
    });
    const answers = await Promise.all(clients);
    const refused = answers.filter((answer) => answer.text !== '');
    assert.ok(refused.length >= 6 && refused.length <= 12, `${refused.length} refused`);
    for (const { text } of refused) {
      assert.deepEqual(statuses(text), [503]);
      assert.match(text, /"code":"MF154"/);
      assert.match(text, /Retry-After: 1/);
    }
    while (served.front.parts.inFlight.size > 0) await pause(5);
    const after = await rawExchange(served.port, `${post(2)}{}`, {
      until: (text) => text.includes('\r\n\r\n'),
    });
    assert.deepEqual(statuses(after.text), [201]);
    assert.ok(served.front.parts.bodies.take(64 * megabyte), 'everything was given back');
  });
});
