import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '../../runtime/actor/message.ts';
import { Tracer } from '../../runtime/telemetry/tracer.ts';
import { SpanExporter } from '../../runtime/telemetry/tracing-exporter.ts';
import { isSampled } from '../../runtime/telemetry/tracing-sample.ts';
import type { Span } from '../../runtime/telemetry/tracing-span.ts';
import type { BusyProtocol } from './fixtures/busy.actor.ts';
import { busy, observed } from './support/observed.ts';
import { until } from './support/until.ts';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
  readonly thread: string;
}

/** A collector that takes OTLP/HTTP in JSON, and remembers. */
class Collector {
  readonly spans: OtlpSpan[] = [];
  readonly urls: string[] = [];
  bodies = '';
  status = 200;
  readonly #server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      this.urls.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      if (this.status === 200) this.#take(body);
      response.writeHead(this.status).end('{}');
    });
  });

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(body: string): void {
    this.bodies += body;
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const thread = resource.attributes.find((each: { key: string }) => each.key === 'thread.name');
      for (const { spans } of scopeSpans) {
        for (const span of spans) this.spans.push({ ...span, thread: thread.value.stringValue });
      }
    }
  }
}

describe('tracing', function () {
  this.timeout(30_000);
  let collector: Collector;
  let endpoint: string;

  beforeEach(async () => {
    collector = new Collector();
    endpoint = await collector.listen();
  });
  afterEach(() => collector.close());

  it('a request through three actors in three threads is one trace with the right parents', async () => {
    const machine = await observed([busy('one'), busy('two'), busy('three')], {
      'tracing.endpoint': endpoint,
    });
    try {
      const path = await machine.ref<BusyProtocol>('one').ask('chain', { through: ['two', 'three'] });
      assert.deepEqual(path, ['/one', '/two', '/three']);
      await until('three spans came', () => collector.spans.length >= 3);
      const [one, two, three] = ['one', 'two', 'three'].map((name) => {
        const found = collector.spans.filter((span) => span.name === `${name}.chain`);
        assert.equal(found.length, 1, name);
        return found[0] as OtlpSpan;
      }) as [OtlpSpan, OtlpSpan, OtlpSpan];
      assert.deepEqual([one.thread, two.thread, three.thread], ['one', 'two', 'three']);
      assert.equal(new Set([one.traceId, two.traceId, three.traceId]).size, 1);
      assert.equal(one.parentSpanId, undefined);
      assert.equal(two.parentSpanId, one.spanId);
      assert.equal(three.parentSpanId, two.spanId);
      for (const { traceId, spanId, kind, status } of [one, two, three]) {
        assert.match(traceId, /^[0-9a-f]{32}$/);
        assert.match(spanId, /^[0-9a-f]{16}$/);
        assert.deepEqual([kind, status], [2, { code: 1 }]);
      }
      const [start, end] = [BigInt(one.startTimeUnixNano), BigInt(one.endTimeUnixNano)];
      assert.ok(end > start && BigInt(two.startTimeUnixNano) >= start - 5_000_000n);
      assert.ok(Math.abs(Number(start / 1_000_000n) - Date.now()) < 30_000);
      assert.equal(collector.urls[0], 'POST /v1/traces application/json');
      // Counted when the answer of the collector has come.
      await until('they are counted', async () =>
        /magflock_tracing_spans_total\{outcome="sent"\} [3-9]/.test(
          (await machine.motherboard.metrics()).text,
        ),
      );
    } finally {
      await machine.close();
    }
  });

  it('a failed ask has the code of its error and nothing of its payload; tells are no spans', async () => {
    const machine = await observed([busy('one')], { 'tracing.endpoint': `${endpoint}/collect` });
    try {
      const ref = machine.ref<BusyProtocol>('one');
      ref.tell('count', 'a secret payload');
      await ref.ask('count', 'a secret payload');
      await assert.rejects(ref.ask('fail', { plain: false }));
      await until('both spans came', () => collector.spans.length >= 2);
      assert.deepEqual(
        collector.spans.map(({ name, status }) => [name, status]),
        [
          ['one.count', { code: 1 }],
          ['one.fail', { code: 2, message: 'MF403' }],
        ],
      );
      assert.ok(!collector.bodies.includes('secret'));
      assert.match(collector.urls[0] ?? '', /^POST \/collect /);
    } finally {
      await machine.close();
    }
  });

  it('what waits is sent when the machine stops', async () => {
    const machine = await observed([busy('one')], { 'tracing.endpoint': endpoint });
    await machine.ref<BusyProtocol>('one').ask('count', null);
    await machine.close();
    assert.equal(collector.spans.filter(({ name }) => name === 'one.count').length, 1);
  });

  it('without an endpoint nothing is traced', async () => {
    const machine = await observed([busy('one'), busy('two')]);
    try {
      await machine.ref<BusyProtocol>('one').ask('chain', { through: ['two'] });
      const { text } = await machine.motherboard.metrics();
      assert.doesNotMatch(text, /magflock_tracing_spans_total\{/);
      assert.deepEqual(collector.urls, []);
    } finally {
      await machine.close();
    }
  });

  it('a collector that is away costs spans, not requests', async () => {
    const exporter = new SpanExporter({ endpoint: 'http://127.0.0.1:1', resource: {} });
    for (let index = 0; index < 10_000; index++) exporter.add(span(String(index)));
    await exporter.flush();
    assert.deepEqual(exporter.counts, { sent: 0, dropped: 10_000 });
    exporter.add(span('later'));
    await exporter.flush();
    assert.deepEqual(exporter.counts, { sent: 0, dropped: 10_001 });
  });

  it('one that refuses too; and what comes after it is back is sent', async () => {
    const exporter = new SpanExporter({ endpoint, resource: { 'thread.name': 'one' } });
    collector.status = 503;
    exporter.add(span('refused'));
    await exporter.flush();
    collector.status = 200;
    exporter.add(span('taken'));
    await exporter.flush();
    assert.deepEqual(exporter.counts, { sent: 1, dropped: 1 });
    assert.deepEqual(
      collector.spans.map(({ name }) => name),
      ['one.taken'],
    );
  });
});

describe('a tracer', () => {
  const asked = (trace?: string): Message =>
    ({ asked: true, method: 'count', from: '/test', trace }) as unknown as Message;

  it('goes on with the trace of its asker, and names its own span while the message runs', () => {
    const spans: Span[] = [];
    const tracer = new Tracer({ percent: 100, onSpan: (each) => void spans.push(each) });
    const message = asked('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    tracer.begin('/one', message);
    assert.match(message.trace ?? '', /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    tracer.end(message, undefined);
    tracer.end(message, undefined);
    assert.equal(spans.length, 1);
    assert.equal(spans[0]?.parentId, 'b7ad6b7169203331');
    assert.ok(message.trace?.includes(spans[0]?.spanId ?? '?'));
  });

  for (const [what, trace] of [
    ['no trace', undefined],
    ['one that is none', 'not-a-traceparent'],
  ] as const) {
    it(`begins a trace where the asker has ${what}`, () => {
      const spans: Span[] = [];
      const tracer = new Tracer({ percent: 100, onSpan: (each) => void spans.push(each) });
      const message = asked(trace);
      tracer.begin('/one', message);
      tracer.end(message, 'MF602');
      assert.equal(spans[0]?.parentId, undefined);
      assert.equal(spans[0]?.error, 'MF602');
    });
  }

  it('keeps the share it was told to, the same traces in every thread', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) =>
      (BigInt(index) * 0x9e3779b97f4a7c15n).toString(16).padStart(32, '0').slice(-32),
    );
    const kept = ids.filter((id) => isSampled(id, 25));
    assert.ok(kept.length > 400 && kept.length < 600, String(kept.length));
    assert.deepEqual(
      ids.filter((id) => isSampled(id, 0)),
      [],
    );
    const tracer = new Tracer({ percent: 0, onSpan: () => assert.fail('not sampled') });
    const message = asked();
    tracer.begin('/one', message);
    // The id goes on, so that no thread begins a trace of its own.
    assert.match(message.trace ?? '', /-00$/);
    tracer.end(message, undefined);
  });
});

function span(method: string): Span {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentId: undefined };
  return { ...ids, actor: '/one', method, from: '/', start: 1, end: 2, error: undefined };
}
