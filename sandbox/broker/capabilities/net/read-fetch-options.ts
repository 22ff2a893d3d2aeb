import { Buffer } from 'node:buffer';
import { networkRefusal } from './network-refusal.ts';

/** A request as the guest asked for it, checked. */
export interface FetchRequest {
  readonly url: string;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | undefined;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** How the body of the answer is given to the guest. */
  readonly encoding: 'text' | 'base64';
  readonly redirect: 'follow' | 'manual';
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const known = ['method', 'headers', 'body', 'bodyEncoding', 'timeoutMs', 'encoding', 'redirect'];
const token = /^[!#$%&'*+.^_`|~0-9a-z-]{1,128}$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/;
/** Set by the connection (RFC 9110, section 7.6.1), by us, or believed by servers behind a proxy. */
const forbidden =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|content-length|expect|accept-encoding|via|forwarded|x-real-ip|proxy-.*|x-forwarded-.*)$/;
const mostHeaders = 64;
const mostBodyBytes = 1024 * 1024;
const mostUrl = 8_192;
const mostMs = 30_000;
const defaultMs = 10_000;

/**
 * Checks the arguments of `net.fetch.fetch`: `[url, options?]`, hostile.
 * @throws MF672 naming the rule
 */
export function readFetchOptions(args: readonly unknown[]): FetchRequest {
  const [url, given = {}] = args;
  if (typeof url !== 'string' || url.length > mostUrl) {
    throw networkRefusal('url', `The address must be text of at most ${mostUrl} characters.`);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw networkRefusal('method', 'Options must be an object.');
  }
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw networkRefusal('method', `Options are ${known.join(', ')}.`);
  const option = (name: string): unknown =>
    Object.hasOwn(given, name) ? ((given as Record<string, unknown>)[name] ?? undefined) : undefined;

  const method = option('method') ?? 'GET';
  if (typeof method !== 'string' || !methods.includes(method.toUpperCase())) {
    throw networkRefusal('method', `The method must be one of ${methods.join(', ')}.`);
  }
  const body = readBody(option('body'), option('bodyEncoding'));
  if (body !== undefined && ['GET', 'HEAD'].includes(method.toUpperCase())) {
    throw networkRefusal('body', 'GET and HEAD have no body.');
  }
  const timeoutMs = option('timeoutMs') ?? defaultMs;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 1)) {
    throw networkRefusal('method', 'timeoutMs must be a number of milliseconds.');
  }
  return {
    url,
    method: method.toUpperCase(),
    headers: readHeaders(option('headers')),
    body,
    timeoutMs: Math.min(timeoutMs, mostMs),
    encoding: oneOf(option('encoding'), ['text', 'base64']),
    redirect: oneOf(option('redirect'), ['follow', 'manual']),
  };
}

function oneOf<Choice extends string>(value: unknown, choices: readonly [Choice, Choice]): Choice {
  if (value === undefined) return choices[0];
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw networkRefusal('method', `An option must be one of ${choices.join(', ')}.`);
  return found;
}

function readBody(body: unknown, encoding: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body !== 'string') throw networkRefusal('body', 'The body must be text.');
  const format: 'utf8' | 'base64' = oneOf(encoding, ['utf8', 'base64']);
  const bytes = Buffer.from(body, format);
  if (bytes.length > mostBodyBytes) {
    throw networkRefusal('body', `The body may have ${mostBodyBytes} bytes.`);
  }
  return bytes;
}

function readHeaders(given: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  if (given === undefined) return headers;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw networkRefusal('header', 'Headers must be an object.');
  }
  const entries = Object.entries(given);
  if (entries.length > mostHeaders) throw networkRefusal('header', `At most ${mostHeaders} headers.`);
  for (const [key, value] of entries) {
    const name = key.toLowerCase();
    if (!token.test(name)) throw networkRefusal('header', 'A header has a name that is none.');
    if (forbidden.test(name))
      throw networkRefusal('header', `The header ${name} is not the extension's to set.`);
    if (typeof value !== 'string' || !headerValue.test(value)) {
      throw networkRefusal('header', `The value of header ${name} is none.`);
    }
    if (headers.has(name)) throw networkRefusal('header', `The header ${name} is there twice.`);
    headers.set(name, value);
  }
  return headers;
}
