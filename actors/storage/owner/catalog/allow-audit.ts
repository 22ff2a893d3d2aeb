import { escapeIdentifier } from 'pg';
import type { DatabaseName } from '../../../../runtime/protocol/storage.protocol.ts';
import type { Pools } from '../../postgres/pools.ts';

/**
 * Lets roles write audit rows, and keep answers (Idempotency-Key). A role that the operator made and granted to the authenticator has no right on the
 * outbox yet, and without it none of its writes could be committed.
 * @param roles names from pg_roles
 */
export async function allowAudit(
  pools: Pick<Pools, 'transaction'>,
  database: DatabaseName,
  roles: readonly string[],
): Promise<void> {
  const list = roles.map((role) => escapeIdentifier(role)).join(', ');
  await pools.transaction(database, [
    { text: `grant usage on schema mg_sys to ${list}` },
    { text: `grant execute on function mg_sys.append_outbox(uuid, text, text) to ${list}` },
    {
      text: `grant execute on function mg_sys.begin_once(bytea, bytea), mg_sys.kept_answer(bytea, bytea),
        mg_sys.keep_answer(bytea, bytea, integer, json) to ${list}`,
    },
  ]);
}
