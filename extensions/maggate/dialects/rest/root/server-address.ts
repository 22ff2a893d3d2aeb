import type { GatewayRequest } from '../../../../sdk/index.ts';

/** As OpenAPI 2.0 names it. */
export interface ServerAddress {
  readonly schemes: readonly string[];
  readonly host: string;
  readonly basePath: string;
}

/**
 * Where the API is reached: the setting openapiServerProxyUri, else the host that the request named.
 * @param proxyUri an absolute URI; one that is none counts as not set
 */
export function serverAddress(proxyUri: string | null, request: GatewayRequest): ServerAddress {
  const proxy = proxyUri === null ? null : URL.parse(proxyUri);
  if (proxy === null || proxy.hostname === '') {
    const host = request.headers['host'] ?? 'localhost';
    return { schemes: ['http'], host, basePath: request.mount };
  }
  const scheme = proxy.protocol.slice(0, -1);
  const port = proxy.port === '' ? (scheme === 'https' ? '443' : '80') : proxy.port;
  return { schemes: [scheme], host: `${proxy.hostname}:${port}`, basePath: proxy.pathname };
}
