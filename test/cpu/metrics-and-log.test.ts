import assert from 'node:assert/strict';
import { AggregatorRegistry, Registry } from 'prom-client';
import { RequestMetrics } from '../../actors/cpu/request-metrics.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { rawExchange } from './raw-exchange.ts';
import { serve } from './serve.ts';

const headers = { 'X-API-Key': fakeKeys.public };
const gauges = { connections: () => 3, inFlight: () => 2 };

describe('metrics and log of the CPU', () => {
  it('count requests by method, route and status, with few routes', async () => {
    await using served = await serve();
    for (const path of [
      '/api/track/1',
      '/api/track/2',
      '/api/track',
      '/api',
      '/api/',
      '/nothing',
      '/x/y/z',
    ]) {
      await (await fetch(served.url + path, { headers })).text();
    }
    await rawExchange(served.port, 'garbage\r\n\r\n');
    const text = await served.metrics.metrics();
    const lines = text.split('\n').filter((line) => line.startsWith('magflock_http_requests_total{'));
    assert.deepEqual(lines.sort(), [
      'magflock_http_requests_total{method="GET",route="/api",status="200"} 2',
      'magflock_http_requests_total{method="GET",route="/api/{table}",status="200"} 1',
      'magflock_http_requests_total{method="GET",route="/api/{table}/{id}",status="200"} 2',
      'magflock_http_requests_total{method="GET",route="other",status="404"} 2',
      'magflock_http_requests_total{method="OTHER",route="unparsed",status="400"} 1',
    ]);
    assert.match(text, /magflock_http_request_duration_seconds_count\{.*"\/api\/\{table\}\/\{id\}".*\} 2/);
  });

  it('are a histogram as Prometheus wants it', async () => {
    const registry = new Registry();
    const metrics = new RequestMetrics(registry, gauges);
    for (const ms of [0.5, 1, 1.1, 7, 20_000]) metrics.observe('GET', '/api', 200, ms);
    const text = await registry.metrics();
    const bucket = (le: string): number =>
      Number(new RegExp(`_bucket\\{le="${le.replace('+', '\\+')}",.*\\} (\\d+)`).exec(text)?.[1]);
    assert.deepEqual(['0.001', '0.0025', '0.005', '0.01', '10', '+Inf'].map(bucket), [2, 3, 3, 4, 4, 5]);
    assert.match(text, /duration_seconds_sum\{.*\} 20\.0096/);
    assert.match(text, /duration_seconds_count\{.*\} 5/);
    assert.match(text, /# TYPE magflock_http_request_duration_seconds histogram/);
    assert.match(text, /magflock_http_connections 3/);
    assert.match(text, /magflock_http_requests_in_flight 2/);
  });

  it('add up over threads', async () => {
    const registries = [new Registry(), new Registry()];
    for (const registry of registries) new RequestMetrics(registry, gauges).observe('GET', '/api', 200, 3);
    const text = await AggregatorRegistry.aggregate(
      await Promise.all(registries.map((registry) => registry.getMetricsAsJSON())),
    ).metrics();
    assert.match(text, /magflock_http_requests_total\{.*\} 2/);
    assert.match(text, /_bucket\{le="0\.005",.*\} 2/);
    assert.match(text, /magflock_http_connections 6/);
  });

  it('name the request of a failure with its stack, and keep quiet about the rest', async () => {
    await using served = await serve();
    await (await fetch(`${served.url}/api/track`, { headers })).text();
    await (await fetch(`${served.url}/api/nothing`, { headers })).text();
    const failed = await fetch(`${served.url}/api/broken`, { headers });
    await failed.text();
    assert.equal(served.lines.length, 1);
    const line = served.lines[0] as { request: string; err: { stack: string }; code: string; status: number };
    assert.equal(line.request, failed.headers.get('x-request-id'));
    assert.equal(line.code, 'MF699');
    assert.match(line.err.stack, /fake-replicas/);
  });

  it('write one line per request at debug level, without the query and the key', async () => {
    await using served = await serve({ 'log.level': 'debug' });
    await (await fetch(`${served.url}/api/track/1?name=personal`, { headers })).text();
    assert.equal(served.lines.length, 1);
    const text = JSON.stringify(served.lines[0]);
    for (const part of ['"status":200', '"method":"GET"', '"project":"main"', '"address":"127.0.0.1"']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.ok(!text.includes('personal') && !text.includes(fakeKeys.public), text);
  });

  it('do not repeat an outage for every request', async () => {
    await using served = await serve();
    served.fakes.onExecute = () =>
      Promise.reject(new MagFlockError('MF503', 'The database does not answer.'));
    for (let round = 0; round < 100; round++)
      await (await fetch(`${served.url}/api/track`, { headers })).text();
    // Twenty a second, and the requests above may touch more than one second.
    assert.ok(served.lines.length >= 20 && served.lines.length <= 62, `${served.lines.length} lines`);
  });
});
