import { BlockList, isIP } from 'node:net';
import type { PostCheck } from '../post-check.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Keys travel in headers: in clear text they belong on this machine or behind a proxy that does TLS. */
export const exposureCheck: PostCheck = {
  part: 'network',
  required: false,
  run({ settings }) {
    const open = [settings.host, settings.adminHost].filter((host) => !isLoopback(host));
    if (open.length === 0) return { outcome: 'ok', facts: 'this machine only, without TLS' };
    const behindProxy = settings.trustedProxies.length > 0;
    const facts = `reachable from outside at ${open.join(', ')}, without TLS`;
    return behindProxy
      ? { outcome: 'ok', facts: `${facts}; trusts ${settings.trustedProxies.length} proxies` }
      : { outcome: 'warn', facts, fix: 'put a TLS proxy before it and name it in trustedProxies' };
  },
};

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
