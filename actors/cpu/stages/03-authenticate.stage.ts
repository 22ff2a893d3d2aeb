import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { authenticationFacts } from '../authentication-facts.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 3: key or token → identity handle. Whatever goes wrong here refuses the request. Only a route that an operator
 * opened to everybody goes on without a key; one that is there all the same has to be right.
 * @throws MF201 to MF206, where tokens count MF211 to MF214; each is counted for the audit trail
 */
export function authenticate(parts: PipelineParts, exchange: Exchange): void {
  if (exchange.gateway?.anonymous !== undefined && isAnonymous(exchange)) return;
  try {
    exchange.handle = parts.psu.authenticate(authenticationFacts(exchange));
    exchange.identity = parts.psu.open(exchange.handle);
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    if (error.code.startsWith('MF2')) {
      const { project, address } = exchange.context;
      parts.audit.keyRefused({ project, address, code: error.code });
    }
    throw error;
  }
}

function isAnonymous({ context, gateway, mountedPath }: Exchange): boolean {
  const { headers, project, method, path } = context;
  const keyed = headers['x-api-key'] ?? headers['apikey'] ?? bearer(headers['authorization']);
  return keyed === undefined && gateway?.anonymous?.({ project, method, path, mountedPath }) === true;
}

/** Other schemes are the business of the route. */
function bearer(authorization: string | undefined): string | undefined {
  return authorization !== undefined && /^bearer\b/i.test(authorization) ? authorization : undefined;
}
