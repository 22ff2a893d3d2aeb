/**
 * The text that blocks are keyed by. IPv4 as it is, an IPv4-mapped address as the IPv4 address that it is. Of IPv6 the
 * /64, because one machine has a whole /64 (RFC 6177 §2, RFC 8981 §3.2): `2001:db8:0:7::/64`. Loopback and link-local
 * addresses stay single: their /64 holds other machines, or nothing. What is no address is its own key.
 * Runs for every request: no allocation for IPv4.
 * @param address as the CPU tells it, or a range that this function made
 */
export function blockRange(address: string): string {
  if (!address.includes(':') || address.endsWith('/64')) return address;
  const zone = address.indexOf('%');
  const plain = (zone < 0 ? address : address.slice(0, zone)).toLowerCase();
  const dot = plain.indexOf('.');
  if (dot >= 0) return plain.slice(plain.lastIndexOf(':') + 1);
  if (plain === '::1' || linkLocal.test(plain)) return plain;
  const [head = '', tail] = plain.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? 0 : tail.split(':').length;
    // Groups that the abbreviation stands for, as far as the first four reach.
    while (groups.length + behind < 8 && groups.length < 4) groups.push('0');
    if (groups.length < 4) groups.push(...tail.split(':'));
  }
  const first = groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  while (first.at(-1) === '0') first.pop();
  return `${first.join(':')}::/64`;
}

const linkLocal = /^fe[89ab][0-9a-f]:/;
