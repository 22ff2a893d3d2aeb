import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/** Answers MF699 when even answering failed (a gateway with a header Node refuses); else ends the connection. */
export function answerLastResort(parts: PipelineParts, exchange: Exchange, thrown: unknown): void {
  const { response, context } = exchange;
  const requestId = context?.id ?? 'unknown';
  parts.log.error({ request: requestId, err: thrown }, 'a request could not be answered');
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = new MagFlockError('MF699', 'The answer could not be written.');
  const body = JSON.stringify(problemDetails(error, { requestId }));
  const headers = { 'Content-Type': 'application/problem+json', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(500, {
    ...headers,
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(body);
  parts.metrics.observe(context?.method ?? 'OTHER', exchange.route, 500, 0);
}
