import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';

/** Which rule of `net.fetch` said no. */
export type NetworkRule =
  | 'url'
  | 'scheme'
  | 'credentials'
  | 'host'
  | 'address'
  | 'redirect'
  | 'downgrade'
  | 'method'
  | 'header'
  | 'body'
  | 'response'
  | 'encoding';

/**
 * MF672 that names the rule. Never the address a name stands for: an extension is not to learn how the network
 * inside looks.
 */
export function networkRefusal(rule: NetworkRule, message: string, host?: string): MagFlockError {
  return new MagFlockError('MF672', message, {
    details: { rule, ...(host === undefined ? {} : { host: host.slice(0, 255) }) },
  });
}
