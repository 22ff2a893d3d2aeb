import type { ErrorDefinition } from '../error-definition.ts';

/** MF5xx: the database. */
export const storageErrors = {
  MF500: {
    title: 'Database error',
    status: 500,
    blame: 'system',
    retryable: false,
    help: 'The database answered with an error that has no better mapping; the detail has its SQLSTATE.',
  },
  MF501: {
    title: 'Outcome unknown',
    status: 503,
    blame: 'system',
    retryable: false,
    help: 'The connection died while COMMIT was on the wire. Read the row before you write again.',
  },
  MF503: {
    title: 'Database unavailable',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'The database does not answer. It is restarted by itself; retry after Retry-After.',
  },
  MF504: {
    title: 'Statement timeout',
    status: 504,
    blame: 'user',
    retryable: false,
    help: 'The statement took longer than storage.statementTimeoutMs.',
  },
  MF505: {
    title: 'Serialization failure',
    status: 409,
    blame: 'system',
    retryable: true,
    help: 'The transaction collided with another one. Send it again.',
  },
  MF506: {
    title: 'Out of disk space',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'The disk of the data folder is full. Free space; the service recovers by itself.',
  },
  MF507: {
    title: 'Saturated',
    status: 503,
    blame: 'system',
    retryable: true,
    help: 'All database connections are busy. Retry after Retry-After.',
  },
  MF508: {
    title: 'Unknown project',
    status: 404,
    blame: 'user',
    retryable: false,
    help: 'No project of this ref. magflock project list shows them.',
  },
  MF509: {
    title: 'Project exists',
    status: 409,
    blame: 'user',
    retryable: false,
    help: 'A project of this ref exists already.',
  },
  MF510: {
    title: 'SQL error',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'The SQL text was refused by PostgreSQL; the detail has its message and position.',
  },
  MF511: {
    title: 'Import failed',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'A statement of the file failed; nothing was imported.',
  },
  MF520: {
    title: 'Invalid project setting',
    status: 400,
    blame: 'user',
    retryable: false,
    help: 'A setting of a project is unknown or its value not allowed; the detail names it. magflock project settings shows them.',
  },
} as const satisfies Record<string, ErrorDefinition>;
