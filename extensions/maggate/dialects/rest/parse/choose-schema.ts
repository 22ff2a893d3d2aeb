import type { DataApiSettings } from '../../../../sdk/index.ts';
import { RestError } from '../rest-error.ts';

/** The schema of a request, and whether the answer has to say which one it was. */
export interface ChosenSchema {
  readonly schema: string;
  readonly negotiatedByProfile: boolean;
}

/**
 * The schema by profile: `Content-Profile` for the methods that write, `Accept-Profile` for the others, else the
 * first exposed one.
 * @throws RestError PGRST106
 */
export function chooseSchema(
  method: string,
  headers: Readonly<Record<string, string>>,
  { dbSchemas }: DataApiSettings,
): ChosenSchema {
  const writes = method === 'POST' || method === 'PATCH' || method === 'PUT' || method === 'DELETE';
  const profile = headers[writes ? 'content-profile' : 'accept-profile'];
  if (profile === undefined) {
    return { schema: dbSchemas[0] ?? 'public', negotiatedByProfile: dbSchemas.length !== 1 };
  }
  if (dbSchemas.includes(profile)) return { schema: profile, negotiatedByProfile: true };
  throw new RestError(406, 'PGRST106', `Invalid schema: ${profile}`, {
    hint: `Only the following schemas are exposed: ${dbSchemas.join(', ')}`,
  });
}
