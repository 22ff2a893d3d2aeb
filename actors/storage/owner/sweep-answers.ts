import type { Pools } from '../postgres/pools.ts';

/** Rows of one sweep: what is left goes with the next. */
const most = 10_000;

/**
 * Deletes the expired answers of writes that were done once. Each such write takes a few away itself; this is for
 * projects where none comes any more.
 * @returns how many
 */
export async function sweepAnswers(pools: Pick<Pools, 'query'>, project: string): Promise<number> {
  const { count } = await pools.query(`project:${project}`, {
    text: `delete from mg_sys.idempotency as i where i.ctid = any (array(
      select e.ctid from mg_sys.idempotency as e
      where e.expires_at <= pg_catalog.clock_timestamp()
      order by e.expires_at limit ${most} for update skip locked))`,
  });
  return count;
}
