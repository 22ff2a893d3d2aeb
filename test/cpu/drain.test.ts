import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { rawExchange, statuses } from './raw-exchange.ts';
import { type Served, serve } from './serve.ts';

const read = `GET /api/track/1 HTTP/1.1\r\nHost: a\r\nX-API-Key: ${fakeKeys.public}\r\n\r\n`;
const row: PlanResult = { body: '{}', rows: 1, location: undefined, databaseMs: 1 };

/** Makes the database wait until told to answer. */
function hold(served: Served): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  served.fakes.onExecute = async () => {
    await promise;
    return row;
  };
  return resolve;
}

async function inFlight(served: Served, count: number): Promise<void> {
  const until = performance.now() + 2_000;
  while (served.front.parts.inFlight.size !== count) {
    if (performance.now() > until) throw new Error(`${served.front.parts.inFlight.size} requests in flight`);
    await pause(2);
  }
}

describe('a drain', () => {
  it('answers what is in flight with Connection: close and then refuses connections', async () => {
    await using served = await serve();
    const release = hold(served);
    const answers = Array.from({ length: 5 }, () => rawExchange(served.port, read));
    await inFlight(served, 5);
    const draining = served.front.listener.drain(3_000);
    await pause(30);
    release();
    assert.deepEqual(await draining, { finished: 5, forced: 0 });
    for (const answer of await Promise.all(answers)) {
      assert.deepEqual(statuses(answer.text), [200]);
      assert.match(answer.text, /Connection: close/);
      assert.ok(answer.closed);
    }
    const refused = await rawExchange(served.port, read);
    assert.equal(refused.error, 'ECONNREFUSED');
  });

  it('closes idle connections at once', async () => {
    await using served = await serve();
    const idle = rawExchange(served.port, read);
    await pause(100);
    assert.equal(served.front.listener.connections, 1);
    const started = performance.now();
    assert.deepEqual(await served.front.listener.drain(5_000), { finished: 0, forced: 0 });
    assert.ok(performance.now() - started < 1_000);
    assert.ok((await idle).closed);
  });

  it('cuts off what does not finish in time and says how much', async () => {
    await using served = await serve();
    const release = hold(served);
    const answer = rawExchange(served.port, read);
    await inFlight(served, 1);
    const started = performance.now();
    assert.deepEqual(await served.front.listener.drain(200), { finished: 0, forced: 1 });
    assert.ok(performance.now() - started < 1_000);
    assert.equal((await answer).text, '');
    release();
    await inFlight(served, 0);
  });

  it('does not wait for connections that say nothing', async () => {
    await using served = await serve();
    const silent = rawExchange(served.port, '');
    await pause(50);
    const started = performance.now();
    await served.front.listener.drain(5_000);
    assert.ok(performance.now() - started < 1_000);
    assert.ok((await silent).closed);
  });

  it('serves connections that the kernel had accepted before', async () => {
    await using served = await serve();
    const answers = Array.from({ length: 20 }, () => rawExchange(served.port, read));
    // One turn of the loop: the connections are established, the server has seen few of them.
    await new Promise((resolve) => setImmediate(resolve));
    await served.front.listener.drain(3_000);
    const texts = (await Promise.all(answers)).filter((answer) => answer.error !== 'ECONNREFUSED');
    for (const answer of texts)
      assert.deepEqual(statuses(answer.text), [200], `${answer.error} ${answer.text}`);
  });

  it('makes /readyz fail while it lasts, and /livez not', async () => {
    await using served = await serve();
    const release = hold(served);
    const slow = rawExchange(served.port, read);
    const page = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    // Connections that are open before the drain begins and speak after it has begun.
    async function* later(path: string): AsyncGenerator<string> {
      yield page(path).slice(0, 5);
      await pause(60);
      yield page(path).slice(5);
    }
    const ready = rawExchange(served.port, later('/readyz'));
    const live = rawExchange(served.port, later('/livez'));
    await inFlight(served, 1);
    const draining = served.front.listener.drain(3_000);
    const refused = await ready;
    assert.deepEqual(statuses(refused.text), [503]);
    assert.match(refused.text, /"code":"MF153"/);
    assert.match(refused.text, /Retry-After: 1/);
    assert.deepEqual(statuses((await live).text), [200]);
    release();
    await draining;
    await slow;
  });

  it('can be followed by another listen', async () => {
    await using served = await serve();
    await served.front.listener.drain(100);
    const { port } = await served.front.listener.listen('127.0.0.1', served.port, true);
    const answer = await rawExchange(port, read, { until: (text) => text.includes('\r\n\r\n') });
    assert.deepEqual(statuses(answer.text), [200]);
    assert.doesNotMatch(answer.text, /Connection: close/);
  });
});
