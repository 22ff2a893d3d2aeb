import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../../runtime/errors/problem-details.ts';
import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import { entityTag, noneMatch } from '../entity-tag.ts';
import type { Exchange } from '../exchange.ts';
import { linger } from '../linger.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { securityHeaders } from '../security-headers.ts';
import { serverTiming } from '../server-timing.ts';

const compress = promisify(gzip);
/** Below this a compressed answer saves no packet. */
const compressFrom = 1_024;
/** Level 4 takes half the time of the default for a few per cent more bytes. */
const compression = { level: 4 };

/** Headers that belong to the connection or to this stage; neither a gateway nor an after-hook sets them. */
const ours = new Set([
  ...['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'date', 'trailer', 'x-request-id'],
  ...securityHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()),
]);

/**
 * Stage 8: answer → status, headers, bytes. Headers are written as one raw list and the body in one piece with
 * its length, past Koa's response object.
 */
export function respond(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const answer = exchange.answer as GatewayAnswer;
  const { context } = exchange;
  const headers = headersOf(parts, exchange, answer);
  let status = answer.status;
  let body = answer.body;
  if (status === 200 && (context.method === 'GET' || context.method === 'HEAD')) {
    const tag = entityTag(body);
    headers.push('ETag', tag);
    const ifNoneMatch = context.headers['if-none-match'];
    if (ifNoneMatch !== undefined && noneMatch(ifNoneMatch, tag)) {
      status = 304;
      body = '';
    }
  }
  exchange.status = status;
  if (body.length >= compressFrom) {
    headers.push('Vary', 'Accept-Encoding');
    if (acceptsGzip(context.headers['accept-encoding'])) {
      return compress(body, compression).then((bytes) => {
        headers.push('Content-Encoding', 'gzip');
        send(exchange, status, headers, bytes, bytes.length);
      });
    }
  }
  send(exchange, status, headers, body, Buffer.byteLength(body));
  return undefined;
}

/**
 * Makes any thrown value the answer: problem details (RFC 9457) with the headers that its status asks for.
 */
export function answerError(exchange: Exchange, thrown: unknown): void {
  const error = MagFlockError.from(thrown);
  const { context } = exchange;
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  const details = error.details;
  if (error.status === 401) {
    // MF201 is a request without any key: RFC 6750 §3.1 wants no error code then.
    const problem = error.code === 'MF201' ? '' : ', error="invalid_token"';
    headers['WWW-Authenticate'] = `Bearer realm="${context.project}"${problem}`;
  }
  if (error.status === 405 && details?.['allow'] !== undefined) {
    // An extension may have made this error: nothing but names of methods becomes a header.
    const named = [details['allow']].flat().filter((one) => typeof one === 'string');
    headers['Allow'] = named.filter((one) => /^[A-Z]+(, [A-Z]+)*$/.test(one)).join(', ');
  }
  if ((error.status === 429 || error.status === 503) && error.retryable) {
    const seconds = details?.['retryAfterSeconds'];
    headers['Retry-After'] = String(Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds as number)) : 1);
  }
  if (error.code === 'MF115') headers['Accept-Encoding'] = 'identity';
  const told = toldTo(exchange.identity?.role, error);
  const problem = problemDetails(told, { requestId: context.id, path: exchange.base + context.path });
  exchange.error = error;
  exchange.answer = { status: problem.status, headers, body: JSON.stringify(problem) };
}

/**
 * What the code of an extension threw was written for its author and may hold rows or addresses: who has no secret
 * key is told that it failed, and the rest stays in its log.
 */
function toldTo(role: string | undefined, error: MagFlockError): MagFlockError {
  if (role === 'service_role' || (error.code !== 'MF660' && error.code !== 'MF662')) return error;
  const extension = error.details?.['extension'];
  return new MagFlockError(error.code, 'The extension failed while it answered.', {
    ...(extension === undefined ? {} : { details: { extension } }),
  });
}

function headersOf(parts: PipelineParts, exchange: Exchange, answer: GatewayAnswer): string[] {
  const { context } = exchange;
  const headers: string[] = ['X-Request-Id', context.id, ...securityHeaders];
  let cached = false;
  for (const name in answer.headers) {
    const lower = name.toLowerCase();
    if (ours.has(lower)) continue;
    if (lower === 'cache-control') cached = true;
    const value = answer.headers[name] as string;
    // Gateways know nothing of project prefixes: their links start below it.
    headers.push(name, lower === 'location' && value.startsWith('/') ? exchange.base + value : value);
  }
  if (!cached) headers.push('Cache-Control', 'no-store');
  parts.cors.append(headers, context.headers['origin']);
  if (exchange.identity?.role === 'service_role') headers.push('Server-Timing', serverTiming(exchange));
  if (exchange.close || parts.draining()) headers.push('Connection', 'close');
  return headers;
}

function send(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: string | Buffer,
  length: number,
): void {
  const { request, response } = exchange;
  if (response.destroyed || response.headersSent) return;
  // Neither a 204 nor a 304 has a length (RFC 9110 §8.6).
  if (status !== 204 && status !== 304) headers.push('Content-Length', String(length));
  if (exchange.close) {
    const { socket } = request;
    // Node would destroy the connection right after the answer, with what the client still sends unread.
    socket.destroySoon = () => linger(socket);
  }
  response.writeHead(status, headers);
  if (exchange.context.method === 'HEAD') response.end();
  else if (typeof body === 'string' && length === body.length)
    response.end(body, 'latin1'); // ASCII: a plain copy
  else response.end(body);
}
