import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { CaseRequest, ReceivedAnswer } from '../conformance-case.ts';
import { caseBody } from './case-body.ts';
import { encodeTarget } from './encode-target.ts';
import { signToken } from './sign-token.ts';

export interface CaseClientOptions {
  /** Of the daemon, without a slash at the end. */
  readonly url: string;
  /** What stands before the paths of the cases: `/p/<ref>/rest/v1`. */
  readonly prefix: string;
  /** The project's public key. */
  readonly apikey: string;
  /** Tokens of the cases are signed with it. */
  readonly secret: string;
}

/** Sends requests of cases over one connection that stays open. */
export class CaseClient {
  readonly #options: CaseClientOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(options: CaseClientOptions) {
    this.#options = options;
  }

  /** @throws Error when the connection breaks; a refusal is an answer like any other */
  async send(request: CaseRequest): Promise<ReceivedAnswer> {
    const { url, prefix } = this.#options;
    const { hostname, port } = new URL(url);
    const body = caseBody(request);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const outgoing = httpRequest({
      ...{ hostname, port, agent: this.#agent, method: request.method, timeout: 30_000 },
      path: `${prefix}${encodeTarget(request.path)}`,
      headers: this.#headers({ ...request, body }, `${hostname}:${port}`),
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 30 s')));
    outgoing.end(body === '' ? undefined : body);
    const response = await promise;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const headers = joinedHeaders(response.rawHeaders);
    for (const name of ['location', 'content-location']) {
      if (headers[name]?.startsWith(prefix)) headers[name] = headers[name].slice(prefix.length);
    }
    const bytes = decoded(Buffer.concat(chunks), headers['content-encoding']);
    return { status: response.statusCode ?? 0, headers, body: bytes.toString('utf8') };
  }

  close(): void {
    this.#agent.destroy();
  }

  /** As names and values in turn: some cases send a header twice. */
  #headers(request: CaseRequest, host: string): string[] {
    const { apikey, secret } = this.#options;
    const sent = new Map<string, string>([['host', host]]);
    const more: string[] = ['apikey', apikey];
    for (const [name, value] of request.headers) {
      const text = typeof value === 'string' ? value : `Bearer ${signToken(value.$jwt, secret)}`;
      // A header is bytes; Node takes them as Latin-1.
      const bytes = Buffer.from(text, 'utf8').toString('latin1');
      if (name.toLowerCase() === 'host') sent.set('host', bytes);
      else more.push(name, bytes);
    }
    const hasBody = request.body !== '' || ['POST', 'PATCH', 'PUT'].includes(request.method);
    if (hasBody) more.push('content-length', String(Buffer.byteLength(request.body)));
    return [...[...sent].flat(), ...more];
  }
}

function joinedHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = Buffer.from(raw[at + 1] as string, 'latin1').toString('utf8');
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

function decoded(bytes: Buffer, encoding: string | undefined): Buffer {
  if (bytes.length === 0) return bytes;
  if (encoding === 'gzip') return gunzipSync(bytes);
  if (encoding === 'deflate') return inflateSync(bytes);
  return encoding === 'br' ? brotliDecompressSync(bytes) : bytes;
}
