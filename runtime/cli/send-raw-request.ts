import { request as httpRequest } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  /** Sent as it stands: nothing is normalised, as `fetch` would. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * One HTTP request, on a connection of its own.
 * @param base `http://127.0.0.1:8080`, a path in it is put in front
 */
export function sendRawRequest(base: string, request: RawRequest): Promise<RawAnswer> {
  const url = new URL(base);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const outgoing = httpRequest(
    {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      method: request.method,
      path: url.pathname.replace(/\/$/, '') + request.path,
      agent: false,
      timeout: 15_000,
      headers: {
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
      },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on('error', reject);
    },
  );
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 15 s')));
  outgoing.on('error', reject);
  outgoing.end(request.body);
  return promise;
}
