import type { Settings } from '../../config/settings.ts';
import { Tracer } from './tracer.ts';
import { SpanExporter } from './tracing-exporter.ts';

/** Tracing of one thread. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what waits; never rejects. */
  flush(): Promise<void>;
  readonly counts: SpanExporter['counts'];
}

/** Undefined while no endpoint is set: then nothing of it is made. */
export function setUpTracing(
  settings: Settings,
  facts: { readonly version: string; readonly thread: string },
): Tracing | undefined {
  const endpoint = settings['tracing.endpoint'];
  if (endpoint === null || endpoint === undefined || endpoint === '') return undefined;
  const exporter = new SpanExporter({
    endpoint,
    resource: {
      'service.name': 'magflock',
      'service.version': facts.version,
      'service.instance.id': String(process.pid),
      'thread.name': facts.thread,
    },
  });
  const tracer = new Tracer({ percent: settings['tracing.sample'], onSpan: (span) => exporter.add(span) });
  return {
    tracer,
    flush: () => exporter.flush(),
    get counts() {
      return exporter.counts;
    },
  };
}
