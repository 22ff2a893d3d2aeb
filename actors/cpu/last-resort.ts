import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { refuse } from './refuse.ts';

/** Answers MF699 when even answering failed (a gateway with a header Node refuses); else ends the connection. */
export function answerLastResort(parts: PipelineParts, exchange: Exchange, thrown: unknown): void {
  const { response, context } = exchange;
  const requestId = context?.id ?? 'unknown';
  parts.log.error({ request: requestId, err: thrown }, 'a request could not be answered');
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, contentType, body } = lastAnswer(exchange, requestId);
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
  parts.metrics.observe(context?.method ?? 'OTHER', exchange.route, status, 0);
}

interface LastAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** In the dialect that was called, but with no header of its gateway: one of them may be what failed. */
function lastAnswer(exchange: Exchange, requestId: string): LastAnswer {
  const error = new MagFlockError('MF699', 'The answer could not be written.');
  if (exchange.context !== undefined && exchange.gateway?.refuse !== undefined) {
    refuse(exchange, error);
    const { headers, body } = exchange.answer as GatewayAnswer;
    const contentType = headers['Content-Type'];
    if (typeof contentType === 'string' && /^[\w/+;=. -]+$/.test(contentType)) {
      return { status: 500, contentType, body };
    }
  }
  const body = JSON.stringify(problemDetails(error, { requestId }));
  return { status: 500, contentType: 'application/problem+json', body };
}
