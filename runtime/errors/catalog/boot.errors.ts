import type { ErrorDefinition } from '../error-definition.ts';

/** MF7xx: boot and configuration. */
export const bootErrors = {
  MF700: {
    title: 'Power-on self test failed',
    status: 500,
    blame: 'system',
    retryable: false,
    help: 'A required part failed its self test; the detail names it with the fix.',
  },
  MF701: {
    title: 'Data folder in use',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'Another daemon uses this data folder. magflock status --data shows it; magflock stop ends it.',
  },
  MF702: {
    title: 'Port in use',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'Another process listens on the port. Choose another with --port or stop that process.',
  },
  MF703: {
    title: 'Invalid configuration',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'One or more settings are invalid; the detail lists all of them.',
  },
  MF704: {
    title: 'Unknown setting',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'No setting of this name; the fix suggests the nearest.',
  },
  MF705: {
    title: 'Data folder not usable',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'The data folder cannot be read or written.',
  },
  MF706: {
    title: 'Other PostgreSQL version',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'The data folder was made by another major version of PostgreSQL.',
  },
  MF707: {
    title: 'Node too old',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'MagFlock needs Node 24. npm start brings its own.',
  },
  MF708: {
    title: 'Master key problem',
    status: 500,
    blame: 'user',
    retryable: false,
    help: 'The master key is missing, unreadable or not the one this data was made with.',
  },
} as const satisfies Record<string, ErrorDefinition>;
