import { readFileSync } from 'node:fs';
import type { Catalog } from '../../../runtime/protocol/storage.protocol.ts';
import type { Pools } from '../postgres/pools.ts';

const text = readFileSync(new URL('./catalog.sql', import.meta.url), 'utf8');

/**
 * Reads the catalogue of a project's schema `public` in one query. Partitions are hidden under their parent.
 * @throws MF5xx
 */
export async function readCatalog(pools: Pools, project: string): Promise<Catalog> {
  const { rows } = await pools.query(`project:${project}`, { text });
  return { project, ...(JSON.parse(String(rows[0]?.['catalog'])) as Pick<Catalog, 'version' | 'tables'>) };
}
