import { authenticationFacts } from './authentication-facts.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/**
 * Id of the caller's key for incidents and blocks, before and after authentication: attribution, not rights. A key that
 * is refused here is not counted; if the request goes on, its own stage does.
 * @returns null for whoever has no right key
 */
export function callerKeyId(parts: PipelineParts, exchange: Exchange): string | null {
  if (exchange.identity !== undefined) return exchange.identity.keyId;
  if (exchange.callerKeyId === undefined) exchange.callerKeyId = read(parts, exchange);
  return exchange.callerKeyId;
}

function read({ psu }: PipelineParts, exchange: Exchange): string | null {
  try {
    return psu.open(psu.authenticate(authenticationFacts(exchange))).keyId;
  } catch {
    return null;
  }
}
