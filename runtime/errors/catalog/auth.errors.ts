import type { ErrorDefinition } from '../error-definition.ts';

/** MF2xx: who the caller is and what the caller may do; raised by the PSU. */
export const authErrors = {
  MF201: {
    title: 'No key',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'Send a key as X-API-Key, apikey or Authorization: Bearer. magflock key list shows them.',
  },
  MF202: {
    title: 'Wrong key',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'The key is not known to this project. Check it, or make one with magflock key create.',
  },
  MF203: {
    title: 'Mistyped key',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'The checksum of the key does not fit, so a character is wrong or missing.',
  },
  MF204: {
    title: 'Revoked or expired key',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'The key was revoked or has expired. Make a new one with magflock key create.',
  },
  MF205: {
    title: 'Key of another project',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'The key belongs to another project. Use the base URL of that project.',
  },
  MF206: {
    title: 'Outside the scope of the key',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'The key does not cover this table, operation or source address.',
  },
  MF207: {
    title: 'Unknown key',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'No key with this id. magflock key list shows them.',
  },
  MF208: {
    title: 'Invalid key request',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The role, name or scopes asked for a key are not valid; the detail names the field.',
  },
  MF209: {
    title: 'Key change not at work everywhere',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'A revoked key is revoked for good, but not every CPU thread has confirmed it. Run the command again.',
  },
  MF210: {
    title: 'Foreign identity handle',
    status: 500,
    blame: 'system',
    retryable: false,
    help: 'A handle that this PSU did not make was used to reach the database. This is a defect; nothing was run.',
  },
} as const satisfies Record<string, ErrorDefinition>;
