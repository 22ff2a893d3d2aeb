import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { clientErrors, refuseConnection } from './client-error.ts';
import { FrontRequest } from './front-request.ts';
import type { InFlight } from './in-flight.ts';

const longestHeadersMs = 10_000;
const keepAliveMs = 65_000;
/** A queue that new connections keep filling is not waited for longer than this. */
const longestQueueMs = 250;
/** Connections that have sent nothing yet get this long at a drain: their request may be on the wire. */
const drainGraceMs = 100;

export interface ListenerOptions {
  readonly handler: RequestListener<typeof FrontRequest>;
  readonly inFlight: InFlight;
  readonly headerBytes: number;
  readonly requestTimeoutMs: number;
  readonly connections: number;
  /** Answered a connection that sent no request. */
  readonly answered: (status: number) => void;
}

export interface DrainReport {
  readonly finished: number;
  readonly forced: number;
}

/** The public listener of one CPU thread. Several threads listen on one port; the kernel shares out connections. */
export class Listener {
  readonly #server: Server<typeof FrontRequest>;
  readonly #inFlight: InFlight;
  readonly #open = new Set<Socket>();
  #accepted = 0;
  #draining = false;

  constructor(options: ListenerOptions) {
    this.#inFlight = options.inFlight;
    const { requestTimeoutMs } = options;
    const server = createServer({
      IncomingMessage: FrontRequest,
      maxHeaderSize: options.headerBytes,
      // Ambiguous framing is refused, or two parsers in a row could disagree where a request ends.
      insecureHTTPParser: false,
      // Stage 1 answers a missing Host in our own shape.
      requireHostHeader: false,
      headersTimeout: Math.min(longestHeadersMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, Math.ceil(requestTimeoutMs / 4)),
      keepAliveTimeout: keepAliveMs,
      noDelay: true,
      // Requests without a body skip the life of a stream that nobody reads.
      optimizeEmptyRequests: true,
    });
    server.maxHeadersCount = 0;
    server.maxConnections = options.connections;
    // A client that does not read its answer may not hold it in memory for ever.
    server.timeout = requestTimeoutMs + longestHeadersMs;
    server.on('request', options.handler);
    server.on('checkContinue', options.handler);
    server.on('checkExpectation', options.handler);
    server.on('clientError', clientErrors(options) as (error: Error, socket: unknown) => void);
    server.on('connect', (_request, socket) => {
      options.answered(405);
      const error = new MagFlockError('MF105', 'This is no proxy: CONNECT is not served.');
      refuseConnection(socket as Socket, error, { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' });
    });
    server.on('connection', (socket) => {
      this.#accepted++;
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    this.#server = server;
  }

  get connections(): number {
    return this.#open.size;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Begins to accept connections.
   * @param reusePort shares the port with other threads (SO_REUSEPORT; Linux, not macOS)
   * @returns the address really bound
   * @throws MF702 when the port is taken or not allowed; ENOTSUP where ports cannot be shared
   */
  async listen(host: string, port: number, reusePort: boolean): Promise<{ host: string; port: number }> {
    const server = this.#server;
    this.#draining = false;
    await new Promise<void>((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      server.once('error', onError);
      server.listen({ host, port, reusePort, backlog: 1_024 }, () => {
        server.off('error', onError);
        resolve();
      });
    });
    const address = server.address() as AddressInfo;
    return { host: address.address, port: address.port };
  }

  /**
   * Stops accepting, lets requests in flight finish, closes idle connections. What has not finished after
   * `timeoutMs` is cut off.
   */
  async drain(timeoutMs: number): Promise<DrainReport> {
    const end = performance.now() + timeoutMs;
    const began = this.#inFlight.size;
    this.#draining = true;
    await this.#acceptQueue(Math.min(end, performance.now() + longestQueueMs));
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const graceEnd = Math.min(end, performance.now() + drainGraceMs);
    while (this.#open.size > 0) {
      const now = performance.now();
      if (now >= end || (now >= graceEnd && this.#inFlight.size === 0)) break;
      await pause(Math.min(10, end - now));
    }
    const forced = this.#inFlight.size;
    this.#server.closeAllConnections();
    for (const socket of this.#open) socket.destroy();
    await closed;
    return { finished: Math.max(0, began - forced), forced };
  }

  /**
   * Closing a listening socket resets the connections in its queue, and a turn of the event loop accepts one of
   * them: goes on until turns bring no more.
   */
  async #acceptQueue(end: number): Promise<void> {
    let idleTurns = 0;
    while (idleTurns < 3 && performance.now() < end) {
      const before = this.#accepted;
      await nextTurn();
      idleTurns = this.#accepted === before ? idleTurns + 1 : 0;
    }
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new MagFlockError('MF702', `Port ${port} on ${host} is in use.`, {
      fix: 'Choose another with --port, or stop the process that listens there.',
    });
  }
  if (error.code === 'EACCES') {
    return new MagFlockError('MF702', `Port ${port} on ${host} needs more rights than this user has.`, {
      fix: 'Choose a port above 1023 with --port.',
    });
  }
  return error;
}
