import { lookup } from 'node:dns/promises';
import { Agent } from 'undici';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Capability, CapabilityCall } from '../capability.ts';
import { addressGuard } from './net/address-guard.ts';
import { checkAddress } from './net/check-address.ts';
import { guardedConnector, type Resolver } from './net/guarded-connector.ts';
import { networkRefusal } from './net/network-refusal.ts';
import { type Hop, nextHop } from './net/next-hop.ts';
import { type FetchRequest, readFetchOptions } from './net/read-fetch-options.ts';
import { readResponse } from './net/read-response.ts';

export interface NetFetchOptions {
  /** Default: the resolver of the operating system. */
  readonly resolve?: Resolver;
  /** CIDR ranges outside the public Internet that the operator lets extensions reach; default none. */
  readonly allowPrivate?: readonly string[];
}

/** What the guest gets. */
export interface FetchAnswer {
  readonly status: number;
  /** Lower-case names; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or base64 when it was asked for. */
  readonly body: string;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

const mostRedirects = 5;
/** Status line, framing and encryption, roughly: a request without a body is not free. */
const overheadBytes = 512;

/**
 * `net.fetch`: requests to the hosts of the scope. Own connections per extension, no cookies kept, no proxy of the
 * environment, addresses checked where the socket is connected, redirects followed here and checked like the first
 * address.
 */
export function netFetchCapability(options: NetFetchOptions = {}): Capability {
  const resolve: Resolver = options.resolve ?? ((host) => lookup(host, { all: true, verbatim: true }));
  const connect = guardedConnector(resolve, addressGuard(options.allowPrivate));
  const agents = new Map<string, Agent>();

  function agentOf(extension: string): Agent {
    let agent = agents.get(extension);
    if (agent === undefined) {
      agent = new Agent({
        connect,
        connections: 8,
        pipelining: 1,
        keepAliveTimeout: 4_000,
        keepAliveMaxTimeout: 10_000,
        headersTimeout: 30_000,
        bodyTimeout: 30_000,
        maxHeaderSize: 16_384,
        allowH2: false,
      });
      agents.set(extension, agent);
    }
    return agent;
  }

  async function fetch(call: CapabilityCall): Promise<FetchAnswer> {
    const request = readFetchOptions(call.args);
    const first = checkAddress(request.url, call.scopes);
    const patience = new AbortController();
    const aborted = (): void => patience.abort(call.signal.reason);
    call.signal.addEventListener('abort', aborted, { once: true });
    if (call.signal.aborted) aborted();
    const left = Math.max(1, Math.min(request.timeoutMs, call.deadline - Date.now()));
    const timer = setTimeout(() => patience.abort(late(first.host)), left);
    try {
      return await follow(call, request, { ...request, url: first }, patience.signal);
    } catch (error) {
      if (patience.signal.aborted) throw patience.signal.reason;
      if (MagFlockError.is(error)) throw error;
      throw new MagFlockError('MF607', `${first.host} could not be reached.`, { cause: error });
    } finally {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', aborted);
    }
  }

  async function follow(
    call: CapabilityCall,
    request: FetchRequest,
    start: Hop,
    signal: AbortSignal,
  ): Promise<FetchAnswer> {
    let hop = start;
    for (let followed = 0; followed <= mostRedirects; followed += 1) {
      const { statusCode, headers, body } = await send(call, hop, signal);
      // An error that comes after we have let go of the body concerns nobody.
      body.on('error', () => {});
      let next: Hop | undefined;
      try {
        call.spend('egress', overheadBytes + sizeOf(headers));
        next =
          request.redirect === 'follow'
            ? nextHop(hop, statusCode, headers['location'], call.scopes)
            : undefined;
        if (next === undefined) {
          const bytes = await readResponse(
            body,
            one(headers['content-encoding']),
            (count) => call.spend('egress', count),
            signal,
          );
          return {
            status: statusCode,
            headers: Object.fromEntries(
              Object.entries(headers).map(([name, value]) => [name, one(value) ?? '']),
            ),
            body: request.encoding === 'base64' ? bytes.toString('base64') : new TextDecoder().decode(bytes),
            url: hop.url.href,
          };
        }
      } finally {
        body.destroy();
      }
      hop = next;
    }
    throw networkRefusal('redirect', `More than ${mostRedirects} redirects.`, hop.url.host);
  }

  async function send(call: CapabilityCall, hop: Hop, signal: AbortSignal): ReturnType<Agent['request']> {
    const headers = Object.fromEntries(hop.headers);
    headers['accept-encoding'] = 'gzip, deflate, br';
    headers['user-agent'] ??= `MagFlock extension ${call.name}`;
    call.spend('egress', overheadBytes + hop.url.href.length + sizeOf(headers) + (hop.body?.length ?? 0));
    return agentOf(call.extension).request({
      origin: hop.url.origin,
      path: `${hop.url.pathname}${hop.url.search}`,
      method: hop.method as 'GET',
      headers,
      body: hop.body ?? null,
      signal,
    });
  }

  return {
    name: 'net.fetch',
    methods: { fetch },
    async release(extension) {
      const agent = agents.get(extension);
      agents.delete(extension);
      await agent?.destroy();
    },
  };
}

function late(host: string): MagFlockError {
  return new MagFlockError('MF602', `${host} did not answer in time.`);
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

function sizeOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) bytes += name.length + (one(value)?.length ?? 0) + 4;
  return bytes;
}
