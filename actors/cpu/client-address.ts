import { BlockList, isIP } from 'node:net';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/** Decides whose X-Forwarded-For counts. */
export type ClientAddress = (peer: string | undefined, forwardedFor: string | undefined) => string;

/**
 * Makes the reader of client addresses. Starting at the peer, each trusted hop is believed about the hop before
 * it; the first address that is not a trusted proxy is the client. What a client itself wrote further left is
 * never reached.
 * @param trustedProxies CIDR ranges or single addresses
 * @throws MF703 naming an invalid one
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return (peer) => plain(peer ?? '');
  const trusted = new BlockList();
  for (const range of trustedProxies) addRange(trusted, range.trim());
  return (peer, forwardedFor) => {
    let address = plain(peer ?? '');
    let rest = forwardedFor ?? '';
    while (rest !== '' && isTrusted(trusted, address)) {
      const comma = rest.lastIndexOf(',');
      const previous = hop(rest.slice(comma + 1).trim());
      if (previous === undefined) break;
      address = previous;
      rest = comma === -1 ? '' : rest.slice(0, comma);
    }
    return address;
  };
}

function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  const version = isIP(address);
  const largest = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? largest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || !(prefix >= 0 && prefix <= largest)) {
    throw new MagFlockError('MF703', `trustedProxies: "${range}" is not an address or CIDR range.`);
  }
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
}

function isTrusted(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** An entry of X-Forwarded-For without port and brackets; undefined when it is no address. */
function hop(entry: string): string | undefined {
  let text = entry;
  if (text.startsWith('[')) text = text.slice(1, text.indexOf(']'));
  else if (text.indexOf(':') === text.lastIndexOf(':')) text = text.replace(/:\d+$/, '');
  return isIP(text) === 0 ? undefined : plain(text);
}

/** IPv4 in its own clothes: a dual-stack socket reports `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
