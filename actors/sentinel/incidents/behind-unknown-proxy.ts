import { BlockList, isIP } from 'node:net';
import type { InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** Loopback, private and link-local ranges (RFC 1122, 1918, 3927, 4193, 4291, 6598). */
const inside = new BlockList();
for (const [address, bits, family] of [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const) {
  inside.addSubnet(address, bits, family);
}

/**
 * Whether a request came through a reverse proxy that `trustedProxies` does not name: its peer is near, and says that
 * it forwards. Everybody has the same address then.
 * @param trustedProxies the setting
 */
export function isBehindUnknownProxy(facts: InspectionFacts, trustedProxies: readonly string[]): boolean {
  const { address, headers } = facts;
  if (trustedProxies.length > 0) return false;
  if (headers['forwarded'] === undefined && headers['x-forwarded-for'] === undefined) return false;
  const plain = address.split('%', 1)[0] as string;
  const version = isIP(plain);
  return version !== 0 && inside.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}
