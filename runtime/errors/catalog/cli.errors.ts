import type { ErrorDefinition } from '../error-definition.ts';

/** MF8xx: the command line. */
export const cliErrors = {
  MF801: {
    title: 'Unknown command',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'No such command; the fix suggests the nearest.',
  },
  MF802: {
    title: 'Wrong use',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'A flag or argument is missing or unknown; see --help.',
  },
  MF803: {
    title: 'Daemon not running',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'No daemon answers in this data folder. Start it with magflock start.',
  },
  MF804: {
    title: 'Control socket refused',
    status: 401,
    blame: 'user',
    retryable: false,
    help: 'The control token is wrong or unreadable. Run as the user who owns the data folder.',
  },
  MF805: {
    title: 'File not readable',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'The file cannot be read.',
  },
  MF806: {
    title: 'Test failed',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'The attack simulation found something; the table names it.',
  },
  MF807: { title: 'Cancelled', status: 500, blame: 'user', retryable: false, help: 'Stopped by the user.' },
} as const satisfies Record<string, ErrorDefinition>;
