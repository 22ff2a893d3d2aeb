import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { ErrorEnvelope } from '../errors/error-envelope.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { type DaemonAddress, daemonNotRunning } from './daemon-address.ts';

type Method = 'GET' | 'POST' | 'DELETE';

/** The control socket of a running daemon: HTTP over a unix socket, with the token of its data folder. */
export interface ControlClient {
  readonly address: DaemonAddress;
  /** @throws MagFlockError what the daemon answered, or MF803 when it is gone */
  ask<T>(method: Method, path: string, body?: unknown): Promise<T>;
  /** Each line of an NDJSON answer, as it comes. */
  stream<T>(method: Method, path: string, body?: unknown): AsyncIterable<T>;
}

/**
 * Makes the client; nothing is sent yet.
 * @param signal ends requests that are under way
 */
export function connectControl(address: DaemonAddress, signal?: AbortSignal): ControlClient {
  const open = (method: Method, path: string, body?: unknown): Promise<IncomingMessage> =>
    send(address, signal, method, path, body);
  return {
    address,
    async ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
      const response = await open(method, path, body);
      const text = await readAll(response);
      if ((response.statusCode ?? 500) >= 300) throw asError(text, response.statusCode ?? 500, path);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    async *stream<T>(method: Method, path: string, body?: unknown): AsyncIterable<T> {
      const response = await open(method, path, body);
      if ((response.statusCode ?? 500) >= 300) {
        throw asError(await readAll(response), response.statusCode ?? 500, path);
      }
      try {
        for await (const line of createInterface({ input: response })) {
          if (line !== '') yield JSON.parse(line) as T;
        }
      } catch (thrown) {
        // The daemon died in the middle of its answer: that is no bug of this program.
        throw (thrown as NodeJS.ErrnoException).code === 'ECONNRESET'
          ? connectionError(address, thrown as NodeJS.ErrnoException, signal)
          : thrown;
      } finally {
        response.destroy();
      }
    },
  };
}

function send(
  address: DaemonAddress,
  signal: AbortSignal | undefined,
  method: Method,
  path: string,
  body: unknown,
): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpRequest(
    {
      socketPath: address.socket,
      method,
      path: `/control/v1${path}`,
      agent: false,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        authorization: `Bearer ${address.token}`,
        accept: 'application/json, application/x-ndjson',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    },
    resolve,
  );
  request.on('error', (thrown) => reject(connectionError(address, thrown, signal)));
  request.end(text);
  return promise;
}

function connectionError(
  address: DaemonAddress,
  thrown: NodeJS.ErrnoException,
  signal: AbortSignal | undefined,
): MagFlockError {
  if (signal?.aborted) return new MagFlockError('MF807', 'cancelled', { cause: thrown });
  if (thrown.code === 'EACCES' || thrown.code === 'EPERM') {
    return new MagFlockError('MF804', 'the control socket may not be opened by this user', {
      details: { where: address.socket },
      fix: 'run the command as the user who started the daemon',
    });
  }
  if (thrown.code === 'ENOENT' || thrown.code === 'ECONNREFUSED') {
    return daemonNotRunning(address.dataDir, thrown);
  }
  return new MagFlockError('MF803', `the daemon ended the connection (${thrown.code ?? thrown.message})`, {
    details: { where: address.socket },
    fix: `magflock status --data ${address.dataDir} shows whether it is still there`,
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/** RFC 9457 problem details with our `code` and `fix`, back into the error they were made from. */
function asError(text: string, status: number, path: string): MagFlockError {
  let problem: Record<string, unknown> = {};
  try {
    problem = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Not ours: the status says all there is.
  }
  const { type: _type, title, status: _status, detail, instance: _instance, code, fix, ...facts } = problem;
  const { retryable, requestId, details, ...more } = facts;
  const merged = { ...more, ...(isRecord(details) ? details : {}) };
  const envelope: ErrorEnvelope = {
    code: typeof code === 'string' ? code : 'MF699',
    message: String(detail ?? title ?? `the daemon answered ${status} to ${path}`),
    retryable: retryable === true,
    ...(typeof fix === 'string' ? { fix } : {}),
    ...(Object.keys(merged).length === 0 ? {} : { details: merged }),
    ...(requestId === undefined ? {} : { details: { ...merged, request: requestId } }),
  };
  return MagFlockError.fromEnvelope(envelope);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
