import type { Socket } from 'node:net';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { problemDetails } from '../../runtime/errors/problem-details.ts';
import type { InFlight } from './in-flight.ts';
import { linger } from './linger.ts';
import { requestIds } from './request-ids.ts';
import { securityHeaders } from './security-headers.ts';

/** What Node adds to the errors of its HTTP parser. */
interface ParserError extends Error {
  readonly code?: string;
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

export interface ClientErrorOptions {
  readonly inFlight: InFlight;
  readonly headerBytes: number;
  /** Counts the answer: there is no exchange that could. */
  readonly answered: (status: number) => void;
}

/**
 * Makes the handler of connections whose bytes are no request: too large headers, malformed syntax, too slow.
 * They are answered with problem details and closed, without disturbing answers that are still due.
 */
export function clientErrors(options: ClientErrorOptions): (error: ParserError, socket: Socket) => void {
  const failed = new WeakSet<Socket>();
  return (error, socket) => {
    // The parser stays broken: each further packet of this connection reports it again.
    if (failed.has(socket)) return;
    failed.add(socket);
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable) {
      socket.destroy();
      return;
    }
    const problem = problemOf(error, options.headerBytes);
    const due = options.inFlight.of(socket);
    const receiving = due.find((exchange) => exchange.interruptBody !== undefined);
    if (receiving?.interruptBody !== undefined) {
      receiving.interruptBody(problem);
      return;
    }
    const refuse = (): void => {
      options.answered(problem.status);
      refuseConnection(socket, problem);
    };
    const last = due.at(-1);
    // Pipelined before the broken bytes: its answer goes first.
    if (last === undefined) refuse();
    else last.response.once('finish', refuse).once('close', () => socket.destroySoon());
  };
}

/** Answers on the bare socket and closes it. */
export function refuseConnection(
  socket: Socket,
  error: MagFlockError,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { id } = requestIds(undefined, undefined, Date.now());
  const problem = problemDetails(error, { requestId: id });
  const body = JSON.stringify(problem);
  const all = [
    ...securityHeaders,
    ...Object.entries(headers).flat(),
    ...['X-Request-Id', id, 'Content-Type', 'application/problem+json', 'Cache-Control', 'no-store'],
    ...['Content-Length', String(Buffer.byteLength(body)), 'Connection', 'close'],
  ];
  let head = `HTTP/1.1 ${problem.status} ${problem.title}\r\nDate: ${new Date().toUTCString()}\r\n`;
  for (let index = 0; index < all.length; index += 2) head += `${all[index]}: ${all[index + 1]}\r\n`;
  socket.write(`${head}\r\n${body}`);
  linger(socket);
}

function problemOf(error: ParserError, headerBytes: number): MagFlockError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return endsInRequestLine(error.rawPacket)
        ? new MagFlockError('MF114', `The path and query alone are over ${headerBytes} bytes.`)
        : new MagFlockError('MF131', `The request line and headers are over ${headerBytes} bytes.`, {
            details: { limit: headerBytes },
          });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new MagFlockError('MF108', 'The request did not arrive in time.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new MagFlockError('MF113', 'The chunk extensions of the body are too large.');
    case 'HPE_INVALID_URL':
      return new MagFlockError('MF100', 'The path or query has a character that must be percent-encoded.', {
        fix: 'Encode everything but plain ASCII as UTF-8 in percent form: é is %C3%A9.',
      });
    default:
      return new MagFlockError(
        'MF100',
        `The request is not HTTP: ${error.reason ?? 'it could not be parsed'}.`,
      );
  }
}

/** True for a first packet that has not even ended its request line. */
function endsInRequestLine(packet: Buffer | undefined): boolean {
  return packet !== undefined && /^[A-Z]+ \//.test(packet.toString('latin1', 0, 16)) && !packet.includes(10);
}
