import { BlockList, isIP } from 'node:net';

/** Addresses a key may be used from. */
export interface SourceRanges {
  includes(address: string): boolean;
}

// ::ffff:a.b.c.d, an IPv4 address as a dual-stack socket reports it (RFC 4291 §2.5.5.2).
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * CIDR ranges as a set. IPv4 and IPv4-mapped IPv6 are the same address, in a range as in what is asked.
 * @throws RangeError naming the range that is none
 */
export function sourceRanges(ranges: readonly string[]): SourceRanges {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return {
    includes(address) {
      const plain = mapped.exec(address)?.[1] ?? address.replace(/%.*$/, '');
      const family = isIP(plain);
      return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

function addRange(list: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/');
  const isMapped = mapped.exec(address)?.[1];
  const plain = isMapped ?? address;
  const family = isIP(plain);
  const bits = family === 4 ? 32 : 128;
  // A prefix of a mapped range counts the 96 bits before the IPv4 address.
  const offset = isMapped === undefined ? 0 : 96;
  const length = prefix === undefined ? bits : Number(prefix) - offset;
  const wellFormed = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (family === 0 || rest.length > 0 || !wellFormed || length < 0 || length > bits) {
    throw new RangeError(`${JSON.stringify(range)} is not an IP address or CIDR range`);
  }
  list.addSubnet(plain, length, family === 4 ? 'ipv4' : 'ipv6');
}
