import type { ErrorDefinition } from '../error-definition.ts';

/** MF3xx: refused by the security mesh. */
export const sentinelErrors = {
  MF301: {
    title: 'Blocked by MagSentinel',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'The request looks like an attack. magflock threat show <id> says why; magflock threat feedback <id> --false-alarm if it was none.',
  },
  MF302: {
    title: 'Address blocked',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'This address caused several incidents. The block lifts itself after its time; an operator can do so with magflock unblock.',
  },
  MF303: {
    title: 'Slowed down by MagSentinel',
    status: 429,
    blame: 'user',
    retryable: true,
    help: 'Several requests of this caller looked a little like attacks. Wait as long as Retry-After says.',
  },
  MF304: {
    title: 'Not judged by MagSentinel',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'The patrol could not judge the request and is set to refuse what it cannot judge (sentinel.whenUnjudged).',
  },
  MF310: {
    title: 'Incident not found',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'magflock threats lists the incidents that are kept; older ones are in the audit trail (magflock logs --security).',
  },
  MF311: {
    title: 'Block not found',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'magflock blocks lists the addresses that are blocked now.',
  },
  MF312: {
    title: 'Model version not found',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'magflock sentinel status lists the versions.',
  },
  MF313: {
    title: 'Candidate is worse',
    status: 409,
    blame: 'user',
    retryable: false,
    help: 'A candidate is promoted only when it is not worse on every held fold. The details name the folds.',
  },
  MF314: {
    title: 'Model damaged',
    status: 422,
    blame: 'system',
    retryable: false,
    help: 'A model file is missing, cut off, or not what its card says. Train it again, or put the files back.',
  },
  MF315: {
    title: 'No model loaded',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'The patrol worker has no model that works. magflock sentinel status says why; signatures go on.',
  },
  MF316: {
    title: 'Training not possible here',
    status: 409,
    blame: 'user',
    retryable: false,
    help: 'Training needs a checkout of the repository with its development dependencies, and the training data beside it or in the folder of --from.',
  },
} as const satisfies Record<string, ErrorDefinition>;
