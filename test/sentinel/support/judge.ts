import { blocks } from '../../../actors/sentinel/inspect/blocks.ts';
import type { Finding } from '../../../actors/sentinel/inspect/finding.ts';
import { inspectRequest } from '../../../actors/sentinel/inspect/inspect-request.ts';
import { SqlGuard } from '../../../actors/sentinel/inspect/sql-guard.ts';
import type { JsonText } from '../../../runtime/protocol/json-text.ts';
import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** One guard for all tests: compiling the signatures is not what they test. */
export const guard = new SqlGuard();

/** A plain request, with what a test changes. */
export function facts(changed: Partial<InspectionFacts> = {}): InspectionFacts {
  return {
    id: 'request-1',
    project: 'main',
    method: 'GET',
    path: '/api/track',
    query: '',
    headers: {},
    json: undefined,
    body: undefined,
    address: '192.0.2.7',
    ...changed,
  };
}

/** A JSON string as the body parser hands it over. */
export function jsonString(value: string): JsonText {
  return { kind: 'string', source: JSON.stringify(value), value };
}

/** An object of strings as the body parser hands it over. */
export function jsonObject(entries: Readonly<Record<string, JsonText>>): JsonText {
  return { kind: 'object', source: '{}', entries: new Map(Object.entries(entries)) };
}

/** Percent-encodes everything a client would, and apostrophes too. */
export function encode(text: string): string {
  const wellFormed = text.toWellFormed();
  return encodeURIComponent(wellFormed).replace(/['()!*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** How a value is put into a request on each surface. */
export const places: Readonly<Record<string, (value: string) => InspectionFacts>> = {
  parameter: (value) => facts({ query: `limit=5&name=${encode(value)}&sort=id` }),
  'parameter with our operator': (value) => facts({ query: `name=eq.${encode(value)}` }),
  'parameter key': (value) => facts({ query: `${encode(value)}=1` }),
  'path segment': (value) => facts({ path: `/api/track/${encode(value)}` }),
  'user agent': (value) => facts({ headers: { 'user-agent': value } }),
  referer: (value) => facts({ headers: { referer: `https://example.org/?q=${encode(value)}` } }),
  cookie: (value) => facts({ headers: { cookie: `sid=a1; theme=${encode(value)}` } }),
  'forwarded address': (value) => facts({ headers: { 'x-forwarded-for': value } }),
  'unknown header': (value) => facts({ headers: { 'x-tenant-name': value } }),
};

/** The same for bodies, where only values shaped like an injection count. */
export const bodyPlaces: Readonly<Record<string, (value: string) => InspectionFacts>> = {
  'body string': (value) =>
    facts({ method: 'POST', json: jsonObject({ title: jsonString(value) }), body: '{}' }),
  'body key': (value) =>
    facts({ method: 'POST', json: jsonObject({ [value]: jsonString('a') }), body: '{}' }),
  'body in an array': (value) =>
    facts({
      method: 'POST',
      json: { kind: 'array', source: '[]', items: [jsonObject({ a: jsonString(value) })] },
      body: '[]',
    }),
  'form body': (value) =>
    facts({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `title=${encode(value)}&x=1`,
    }),
  'text body': (value) => facts({ method: 'POST', headers: { 'content-type': 'text/plain' }, body: value }),
};

/** What is found in a request. */
export function find(request: InspectionFacts): Finding | undefined {
  return inspectRequest(guard, request);
}

/** Whether a request would be blocked. */
export function isBlocked(request: InspectionFacts): boolean {
  return blocks(find(request));
}
