import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import { entityTag, noneMatch } from '../entity-tag.ts';
import type { Exchange } from '../exchange.ts';
import { linger } from '../linger.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { refuse } from '../refuse.ts';
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

/** Statuses whose answers say when to try again, when that is of any use. */
const waits: ReadonlySet<number> = new Set([409, 429, 503]);

/** Headers that name a path (RFC 9110 §8.7, §10.2.2). */
const links = new Set(['location', 'content-location']);

/**
 * Stage 9: answer → status, headers, bytes. Headers are written as one raw list and the body in one piece with
 * its length, past Koa's response object.
 */
export function respond(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const answer = exchange.answer as GatewayAnswer;
  const { context } = exchange;
  const headers = headersOf(parts, exchange, answer);
  let status = answer.status;
  let body = answer.body;
  const read = context.method === 'GET' || context.method === 'HEAD';
  let tag = answer.headers['etag'] ?? answer.headers['ETag'];
  if (status === 200 && read && typeof body === 'string' && exchange.mount?.ownMethods !== true) {
    // A gateway that knows what its answer shows has a better one.
    if (typeof tag !== 'string') tag = entityTag(body);
    const ifNoneMatch = context.headers['if-none-match'];
    if (ifNoneMatch !== undefined && noneMatch(ifNoneMatch, tag)) {
      status = 304;
      body = '';
    }
  }
  if (typeof tag === 'string' && exchange.mount?.ownMethods !== true) {
    // Other bytes, another strong tag (RFC 9110 §8.8.3.3).
    const packed = body.length >= compressFrom && acceptsGzip(context.headers['accept-encoding']);
    headers.push('ETag', packed && tag.startsWith('"') ? `${tag.slice(0, -1)}-gzip"` : tag);
  }
  exchange.status = status;
  if (body.length >= compressFrom && !isEncoded(answer)) {
    headers.push('Vary', 'Accept-Encoding');
    if (acceptsGzip(context.headers['accept-encoding'])) {
      return compress(body, compression).then((bytes) => {
        headers.push('Content-Encoding', 'gzip');
        send(exchange, status, headers, bytes, bytes.length);
      });
    }
  }
  send(exchange, status, headers, body, typeof body === 'string' ? Buffer.byteLength(body) : body.length);
  return undefined;
}

/** Code of a project names headers as it likes. */
function isEncoded({ headers }: GatewayAnswer): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-encoding');
}

/**
 * Makes any thrown value the answer, with the headers that its status asks for.
 */
export function answerError(exchange: Exchange, thrown: unknown): void {
  const error = MagFlockError.from(thrown);
  const { context } = exchange;
  const headers: Record<string, string> = {};
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
  // A block ends by itself, though trying again before that is of no use.
  if ((waits.has(error.status) && error.retryable) || error.code === 'MF302') {
    const seconds = details?.['retryAfterSeconds'];
    headers['Retry-After'] = String(Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds as number)) : 1);
  }
  const current = error.code === 'MF412' ? details?.['etag'] : undefined;
  if (typeof current === 'string' && /^"[A-Za-z0-9+/]+"$/.test(current)) headers['etag'] = current;
  if (error.code === 'MF115') headers['Accept-Encoding'] = 'identity';
  refuse(exchange, error, headers, toldTo(exchange, error));
}

/**
 * What the code of an extension threw was written for its author and may hold rows or addresses: who has no secret
 * key is told that it failed, and the rest stays in its log.
 */
function toldTo({ identity, mount }: Exchange, error: MagFlockError): MagFlockError {
  if (error.details?.['pgrst'] !== undefined && mount?.tokens !== true) {
    // What PostgREST says of a token is for the dialect that answers in its words.
    return new MagFlockError(error.code, error.message);
  }
  if (identity?.role === 'service_role' || (error.code !== 'MF660' && error.code !== 'MF662')) return error;
  const extension = error.details?.['extension'];
  return new MagFlockError(error.code, 'The extension failed while it answered.', {
    ...(extension === undefined ? {} : { details: { extension } }),
  });
}

function headersOf(parts: PipelineParts, exchange: Exchange, answer: GatewayAnswer): string[] {
  const { context } = exchange;
  const headers: string[] = ['X-Request-Id', context.id, ...exchange.security];
  let cached = false;
  let timed = false;
  let ownCors = false;
  let ownExposed = false;
  for (const name in answer.headers) {
    const lower = name.toLowerCase();
    if (ours.has(lower)) continue;
    // `respond` has its own thoughts about it.
    if ((name === 'etag' || name === 'ETag') && exchange.mount?.ownMethods !== true) continue;
    if (lower === 'cache-control') cached = true;
    else if (lower === 'server-timing') timed = true;
    else if (lower === 'access-control-allow-origin') ownCors = true;
    else if (lower === 'access-control-expose-headers') ownExposed = true;
    const value = answer.headers[name] as string | readonly string[];
    if (typeof value !== 'string') for (const one of value) headers.push(name, one);
    // Gateways know nothing of project prefixes: their links start below it.
    else headers.push(name, links.has(lower) && value.startsWith('/') ? exchange.base + value : value);
  }
  if (!cached) headers.push('Cache-Control', 'no-store');
  if (!ownCors) parts.cors.append(headers, context.headers['origin'], ownExposed);
  if (exchange.identity?.role === 'service_role' && !timed)
    headers.push('Server-Timing', serverTiming(exchange));
  if (exchange.close || parts.draining()) headers.push('Connection', 'close');
  return headers;
}

/** A gateway that answers HEAD itself makes no body to measure; no length is better than a wrong one (§9.3.2). */
function unknownLength({ context, mount }: Exchange, length: number): boolean {
  return context.method === 'HEAD' && mount?.ownMethods === true && length === 0;
}

function send(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: string | Uint8Array,
  length: number,
): void {
  const { request, response } = exchange;
  if (response.destroyed || response.headersSent) return;
  // Neither a 204 nor a 304 has a length (RFC 9110 §8.6).
  if (status !== 204 && status !== 304 && !unknownLength(exchange, length))
    headers.push('Content-Length', String(length));
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
