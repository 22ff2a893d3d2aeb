import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';

/** Every capability there is, for the checks of what comes from outside. */
export const capabilityNames = [
  'db.read',
  'db.write',
  'db.schema',
  'cache',
  'events.emit',
  'events.on',
  'http.route',
  'http.mount',
  'net.fetch',
  'files',
  'secrets.read',
  'catalog.read',
  'catalog.watch',
  'query.plan',
] as const satisfies readonly CapabilityName[];
