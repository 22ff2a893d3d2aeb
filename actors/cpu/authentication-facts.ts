import type { AuthenticationFacts } from '../../runtime/protocol/psu.protocol.ts';
import type { Exchange } from './exchange.ts';

/** What PSU looks at: how tokens count is a matter of the prefix that was called. */
export function authenticationFacts({ context, mount }: Exchange): AuthenticationFacts {
  const tokens = mount?.tokens ?? false;
  if (tokens === false) return context;
  const { project, headers, address } = context;
  return { tokens, project, headers, address };
}
