import type { SqlmapTarget } from './run-sqlmap.ts';

/** A place where the extension with the holes puts a value into its statement. */
export interface GateTarget {
  readonly name: string;
  /** What sqlmap is to be told, given the address of the extension. */
  at(base: string): SqlmapTarget;
  /** The value as it stands in a request. */
  payloadOf(request: string): string | undefined;
}

const ofQuery = (name: string) => (request: string) =>
  new RegExp(`^\\S+ [^ ?]*\\?(?:[^ ]*&)?${name}=([^& ]*)`).exec(request)?.[1];
const ofHeader = (name: string) => (request: string) =>
  new RegExp(`^${name}: *(.*)$`, 'im').exec(request)?.[1];
const bodyOf = (request: string) => request.split('\r\n\r\n').slice(1).join('\r\n\r\n');

/** Text and number, the middle of a pattern, bodies, a path, headers. */
export const gateTargets: readonly GateTarget[] = [
  {
    name: 'text, GET',
    at: (base) => ({ url: `${base}/title?q=lamp`, arguments: ['-p', 'q'] }),
    payloadOf: ofQuery('q'),
  },
  {
    name: 'number, GET',
    at: (base) => ({ url: `${base}/number?id=1`, arguments: ['-p', 'id'] }),
    payloadOf: ofQuery('id'),
  },
  {
    name: 'like, GET',
    at: (base) => ({ url: `${base}/like?q=am`, arguments: ['-p', 'q'] }),
    payloadOf: ofQuery('q'),
  },
  {
    name: 'text, JSON',
    at: (base) => ({
      url: `${base}/json`,
      arguments: ['--data', '{"q":"lamp"}', '-H', 'Content-Type: application/json'],
    }),
    payloadOf: bodyOf,
  },
  {
    name: 'text, form',
    at: (base) => ({ url: `${base}/form`, arguments: ['--data', 'q=lamp', '-p', 'q'] }),
    payloadOf: (request) => bodyOf(request).replace(/^q=/, ''),
  },
  {
    name: 'text, path',
    at: (base) => ({ url: `${base}/path/lamp*`, arguments: [] }),
    payloadOf: (request) => /^\S+ \S*\/path\/(\S*)/.exec(request)?.[1],
  },
  {
    name: 'user agent',
    at: (base) => ({ url: `${base}/agent`, arguments: ['-p', 'user-agent', '--user-agent', 'shop/1'] }),
    payloadOf: ofHeader('user-agent'),
  },
  {
    name: 'own header',
    at: (base) => ({ url: `${base}/tenant`, arguments: ['-H', 'Tenant: shop*'] }),
    payloadOf: ofHeader('tenant'),
  },
];
