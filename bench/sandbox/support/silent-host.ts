import type { TenantHost } from '../../../sandbox/cage/tenant.ts';

/** For guests that ask for nothing. One that ends makes the bench fail, because its calls do. */
export const silentHost: TenantHost = {
  syscall: () => Promise.reject(new Error('no capability here')),
  log: () => {},
  ended: (end) => void process.stderr.write(`the guest ended: ${end.reason} ${end.detail}\n`),
};
