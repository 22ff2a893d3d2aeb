import type { DatabaseErrorFacts } from '../../../../sdk/index.ts';
import { RestError } from '../rest-error.ts';
import { databaseError } from './database-error.ts';

/** What the dialect reads of an error of the host. */
export interface HostError {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/**
 * An error of the host in the shape of the dialect. A token that was refused has the dialect's own code and text, what
 * PostgreSQL ended its SQLSTATE; the rest keeps its code of the host's catalogue.
 */
export function hostError(error: HostError): RestError {
  const { code, status, message, fix, details = {} } = error;
  const token = tokenError(status, details);
  if (token !== undefined) return token;
  const said = factsOf(error.cause);
  if (said !== undefined) return databaseError(said, true);
  const { incident, limit } = details;
  return new RestError(status, code, message, {
    details:
      typeof incident === 'string'
        ? `The incident is ${incident}.`
        : code === 'MF426' && typeof limit === 'string'
          ? `Limit: ${limit}`
          : null,
    hint: fix,
    headers: status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {},
  });
}

/** PSU says code and text that clients compare in the details of the errors about tokens. */
function tokenError(status: number, details: Readonly<Record<string, unknown>>): RestError | undefined {
  const pgrst = details['pgrst'] as
    | { readonly code: string; readonly message: string; readonly details: string | null }
    | undefined;
  if (pgrst === undefined) return undefined;
  const { authenticate } = details;
  return new RestError(status, pgrst.code, pgrst.message, {
    details: pgrst.details,
    headers: typeof authenticate === 'string' ? { 'WWW-Authenticate': authenticate } : {},
  });
}

/** What PostgreSQL said, in its own words: the host keeps it as the cause. */
function factsOf(cause: unknown): DatabaseErrorFacts | undefined {
  if (typeof cause !== 'object' || cause === null || !('facts' in cause)) return undefined;
  return cause.facts as DatabaseErrorFacts;
}
