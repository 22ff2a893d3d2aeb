/** SQLSTATEs of a table that is not there, a right that is missing and a schema that is there already. */
const telling: ReadonlySet<string | undefined> = new Set(['42P01', '42501', '42P06', '3F000']);

/**
 * What to do about a statement of a dump that failed because it needs the tables that Supabase keeps users in.
 * @returns undefined for a failure of another kind
 */
export function missingAuthFix(statement: string, sqlstate: string | undefined): string | undefined {
  if (!telling.has(sqlstate)) return undefined;
  const parts = /"?\bauth"?\s*\.\s*"?[a-z_]|\bschema\s+(?:if\s+not\s+exists\s+)?"?auth\b/i;
  if (!parts.test(statement)) return undefined;
  return (
    'Users and sign-in are not served yet: the schema auth has auth.uid(), auth.role(), auth.jwt() and auth.email() ' +
    'for policies, and no tables. Make the dump without that schema (pg_dump --exclude-schema=auth), take foreign keys ' +
    'to auth.users and triggers on it out of the file, and keep the columns: ids of users come from tokens.'
  );
}
