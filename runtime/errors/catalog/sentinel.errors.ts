import type { ErrorDefinition } from '../error-definition.ts';

/** MF3xx: refused by the security mesh. */
export const sentinelErrors = {
  MF301: {
    title: 'Blocked by MagSentinel',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'The request looks like an attack. magflock logs --security shows the incident by its id.',
  },
  MF302: {
    title: 'Address blocked',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'This address caused several incidents. The block lifts itself after its time.',
  },
} as const satisfies Record<string, ErrorDefinition>;
