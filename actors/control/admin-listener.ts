import type { IncomingMessage, ServerResponse } from 'node:http';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Health } from '../../runtime/motherboard/health.ts';
import type { ControlState } from './control-state.ts';

/** Milliseconds a health check may take before the answer is "not ready". */
const patience = 2000;

interface Answer {
  readonly status: number;
  readonly type: 'text/plain; charset=utf-8' | 'application/json' | string;
  readonly body: string;
}

/**
 * The admin listener: `/metrics` (Prometheus), `/livez` (the process answers; touches nothing else), `/readyz`
 * (the parts work, the database included; fails while draining), `/healthz` (as `/livez`). `?verbose` tells part
 * by part, which is why this listener belongs to administrators.
 */
export function adminListener(
  state: ControlState,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.resume();
    answer(state, request)
      .catch((thrown): Answer => {
        const error = MagFlockError.from(thrown);
        state.context.log.warn({ err: error, path: request.url }, 'admin listener');
        return {
          status: 503,
          type: 'text/plain; charset=utf-8',
          body: `${error.code} ${error.definition.title}\n`,
        };
      })
      .then(({ status, type, body }) => {
        response.writeHead(status, {
          'content-type': type,
          'content-length': Buffer.byteLength(body),
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  };
}

async function answer(state: ControlState, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'method not allowed');
  const [path, query = ''] = (request.url ?? '/').split('?', 2);
  const verbose = new URLSearchParams(query).has('verbose');
  switch (path) {
    case '/metrics': {
      const { text, contentType } = await state.context
        .part('motherboard')
        .ask('metrics', null, { timeoutMs: 5000 });
      return { status: 200, type: contentType, body: text };
    }
    case '/livez':
    case '/healthz':
      return verbose ? details(state, 200) : plain(200, 'ok');
    case '/readyz':
      return readiness(state, verbose);
    case '/':
      return plain(200, '/metrics\n/livez\n/readyz?verbose');
    default:
      return plain(404, 'not found: this listener has /metrics, /livez, /readyz and /healthz');
  }
}

async function readiness(state: ControlState, verbose: boolean): Promise<Answer> {
  if (state.stopping) return plain(503, 'stopping');
  if (state.url === null) return plain(503, 'starting');
  const parts = await healthOf(state);
  const failed = Object.entries(parts).filter(([, health]) => health.status === 'failed');
  const status = failed.length === 0 ? 200 : 503;
  if (verbose) return details(state, status, parts);
  return plain(status, status === 200 ? 'ok' : `not ready: ${failed.map(([name]) => name).join(', ')}`);
}

async function details(
  state: ControlState,
  status: number,
  known?: Readonly<Record<string, Health>>,
): Promise<Answer> {
  const parts = known ?? (await healthOf(state));
  return { status, type: 'application/json', body: `${JSON.stringify({ parts }, null, 2)}\n` };
}

function healthOf(state: ControlState): Promise<Readonly<Record<string, Health>>> {
  return state.context.part('motherboard').ask('healthCheck', null, { timeoutMs: patience });
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
