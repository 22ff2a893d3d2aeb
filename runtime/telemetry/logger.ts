import type { Logger as Pino } from 'pino';

/** The structured log (pino). Secrets are redacted by path and by pattern before anything is written. */
export type Logger = Pick<Pino, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;
