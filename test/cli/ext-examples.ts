import type { ExtensionInfo, PackageReview } from '../../runtime/protocol/extensions.protocol.ts';
import { defaultLimits } from '../../sandbox/quota/default-limits.ts';

const permission = { capability: 'db.read', scope: ['orders'], reason: 'lists them' } as const;

/** As the control socket answers `extensions/review`. */
export const packageReview: PackageReview = {
  id: 'acme.hello',
  name: 'hello',
  version: '1.0.0',
  publisher: 'acme',
  signature: 'signed',
  signedBy: `SHA256:${'a'.repeat(43)}`,
  sha256: 'a'.repeat(64),
  questions: [{ ...permission, sentence: 'Read rows of table orders', optional: false, risk: 'medium' }],
  added: [{ ...permission, sentence: 'Read rows of table orders', optional: false, risk: 'medium' }],
  findings: [],
  obstacles: [],
  installed: null,
};

/** As the control socket answers about one extension. */
export const extensionInfo: ExtensionInfo = {
  id: 'acme.hello',
  name: 'hello',
  version: '1.0.0',
  publisher: 'acme',
  trust: 'signed',
  signature: 'signed',
  state: 'idle',
  reason: null,
  projects: ['main'],
  manifest: {
    id: 'acme.hello',
    name: 'hello',
    version: '1.0.0',
    description: 'says hello',
    requiredComponents: [],
    permissions: [permission],
    routes: [{ method: 'GET', path: '/hello/:who' }],
  },
  grants: [{ ...permission, grantedAt: '2030-01-01T00:00:00.000Z' }],
  installedAt: '2030-01-01T00:00:00.000Z',
  staged: null,
  incarnation: 1,
  restarts: 0,
  usage: {
    calls: 7,
    failures: 0,
    concurrentCalls: 0,
    cpuMs: 3,
    cpuMsLastMinute: 1,
    heapBytes: 2_000_000,
    syscalls: 4,
    rows: 9,
    egressBytes: 0,
    diskBytes: 0,
    logLines: 2,
    refusals: {},
  },
  limits: defaultLimits,
  history: [],
};
