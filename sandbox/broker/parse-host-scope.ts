/** `api.example.com`, `*.example.com`, `example.com:8443`. */
export interface HostScope {
  /** Lower case, ASCII, without a final dot; an IPv6 address without brackets. */
  readonly host: string;
  /** True for every name below `host`, but not `host` itself. */
  readonly below: boolean;
  /** Undefined for the default ports 80 and 443. */
  readonly port: number | undefined;
}

const portAtEnd = /:(?<port>\d{1,5})$/;
const plainHost = /^(\[[0-9a-f:.]+\]|[^\s/\\?#@:[\]%*]+)$/i;

/**
 * Reads a scope of `net.fetch`, or a host as a URL has it, the way the URL parser does: letter case, IDN, and the
 * odd spellings of IPv4 come out the same on both sides. Undefined when it is none (`*` is not).
 */
export function parseHostScope(scope: string): HostScope | undefined {
  const below = scope.startsWith('*.');
  const rest = below ? scope.slice(2) : scope;
  const port = portAtEnd.exec(rest)?.groups?.['port'];
  const name = port === undefined ? rest : rest.slice(0, -port.length - 1);
  if (!plainHost.test(name) || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)))
    return undefined;
  const parsed = URL.parse(`https://${name}`);
  if (parsed === null) return undefined;
  const host = parsed.hostname.replace(/\.$/, '').replace(/^\[|\]$/g, '');
  if (host === '') return undefined;
  return { host, below, port: port === undefined ? undefined : Number(port) };
}
