import type { Span } from './tracing-span.ts';

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } };

/** Spans in the JSON of OTLP 1.0 (`opentelemetry/proto/trace/v1`). */
export function otlpBody(spans: readonly Span[], resource: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [{ scope: { name: 'magflock.actors' }, spans: spans.map(otlpSpan) }],
      },
    ],
  });
}

function otlpSpan(span: Span): object {
  const { traceId, spanId, parentId, actor, method, from, start, end, error } = span;
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name: `${actor.slice(1)}.${method}`,
    // SPAN_KIND_SERVER: it answers an ask.
    kind: 2,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributes({
      'magflock.actor': actor,
      'magflock.from': from,
      ...(error === undefined ? {} : { 'error.type': error }),
    }),
    status: error === undefined ? { code: 1 } : { code: 2, message: error },
  };
}

function attributes(values: Readonly<Record<string, string>>): readonly Attribute[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** As decimal digits: the number itself is beyond what a double keeps. */
function nanoseconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  return `${whole}${String(Math.floor((milliseconds - whole) * 1e6)).padStart(6, '0')}`;
}
