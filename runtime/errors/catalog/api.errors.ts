import type { ErrorDefinition } from '../error-definition.ts';

/** MF4xx: the data API. */
export const apiErrors = {
  MF401: {
    title: 'Unknown table',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'No table or view of this name in the exposed schema. GET /api lists them.',
  },
  MF402: {
    title: 'Unknown column',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The table has no column of this name; the fix suggests the nearest.',
  },
  MF403: {
    title: 'Not allowed',
    status: 403,
    blame: 'user',
    retryable: false,
    help: 'The role of this key lacks the privilege. magflock expose grants it.',
  },
  MF404: {
    title: 'Row not found',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'No row with this id that this key may see.',
  },
  MF405: {
    title: 'Invalid filter',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The filter or option is malformed; the detail names it.',
  },
  MF406: {
    title: 'Invalid id',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The id in the path does not fit the primary key.',
  },
  MF409: {
    title: 'Conflict',
    status: 409,
    blame: 'user',
    retryable: false,
    help: 'A unique or foreign key constraint refuses this; the detail names it.',
  },
  MF422: {
    title: 'Invalid value',
    status: 422,
    blame: 'user',
    retryable: false,
    help: 'The column does not take this value; the detail names column and constraint.',
  },
  MF423: {
    title: 'Invalid document',
    status: 422,
    blame: 'user',
    retryable: false,
    help: 'The body is not an object or a list of objects with columns of the table.',
  },
  MF424: {
    title: 'Not writable',
    status: 405,
    blame: 'user',
    retryable: false,
    help: 'The table has no primary key or the view is not updatable.',
  },
  MF425: {
    title: 'Schema changed',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'The table was changed while the request was planned. Send it again.',
  },
  MF426: {
    title: 'Over a limit',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The request costs more than its role may spend; limit, value and allowed say what and by how much.',
  },
} as const satisfies Record<string, ErrorDefinition>;
