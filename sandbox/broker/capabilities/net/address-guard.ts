import ipaddr from 'ipaddr.js';

/** Global unicast; what lies outside is unallocated or special (RFC 4291, section 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Makes the check of addresses a guest may be connected to: public unicast and nothing else. `ipaddr.js` knows the
 * special ranges of IANA (RFC 6890): loopback, link-local with 169.254.169.254, private, unique local, carrier NAT,
 * multicast, broadcast, documentation, benchmarking, and the forms that carry an IPv4 address inside an IPv6 one
 * (mapped, NAT64, 6to4, Teredo), which are refused whatever they carry.
 * @param allowPrivate addresses and CIDR ranges that the operator lets extensions reach in spite of that
 * @returns whether an address, as text, may be connected to
 * @throws Error when a range cannot be read
 */
export function addressGuard(allowPrivate: readonly string[] = []): (address: string) => boolean {
  const allowed = allowPrivate.map((range): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] => {
    if (range.includes('/')) return ipaddr.parseCIDR(range);
    const address = ipaddr.parse(range);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    if (
      allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
    ) {
      return true;
    }
    if (address.range() !== 'unicast') return false;
    return address.kind() === 'ipv4' || address.match(globalUnicast);
  };
}
