import type { RefusedRequest } from '../../runtime/protocol/gateway.protocol.ts';
import type { Exchange } from './exchange.ts';

/** What a gateway is told of a request that does not reach its planning. */
export function refusedRequest({ context, mount, mountedPath, request }: Exchange): RefusedRequest {
  return {
    project: context.project,
    mount: mount?.prefix ?? '',
    mountedPath,
    method: context.method,
    headers: request.readHeaders().withoutKeys,
  };
}
