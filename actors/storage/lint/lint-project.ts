import type { LintFinding } from '../../../runtime/protocol/storage.protocol.ts';
import type { Pools } from '../postgres/pools.ts';
import { lintRules } from './lint-rules.ts';

/** Those that a key or a token acts as. Whoever row security does not bind cannot be kept out by it. */
const requestRoles = `
  select coalesce(array_agg(r.rolname::text), '{}') as roles from pg_roles r
  where not r.rolsuper and not r.rolbypassrls
    and exists (
      select from pg_auth_members m
      join pg_roles a on a.oid = m.member
      where m.roleid = r.oid and a.rolname = $1)`;

/**
 * Looks for what exposes more than was meant, or makes row security slow.
 * @param schemas exposed schemas of the project
 * @param authenticator login whose memberships are the roles of requests
 * @returns findings, gravest first
 * @throws MF5xx
 */
export async function lintProject(
  pools: Pools,
  project: string,
  schemas: readonly string[],
  authenticator: string,
): Promise<readonly LintFinding[]> {
  const database = `project:${project}` as const;
  const { rows } = await pools.query(database, { text: requestRoles, values: [authenticator] });
  const values = [schemas, rows[0]?.['roles'] ?? []];
  const answers = await pools.transaction(
    database,
    // PostgreSQL refuses parameters that a statement does not use.
    lintRules.map(({ sql }) => ({ text: sql, values: values.slice(0, sql.includes('$2') ? 2 : 1) })),
  );
  return lintRules.flatMap(({ id, level }, index) =>
    (answers[index]?.rows ?? []).map(({ object, detail, fix }) => ({
      rule: id,
      level,
      object: String(object),
      detail: String(detail),
      fix: String(fix),
    })),
  );
}
