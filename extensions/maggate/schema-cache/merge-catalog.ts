import type { Catalog, CatalogTable } from '../../sdk/index.ts';
import { nameKey } from './name-key.ts';

const sections = [
  'hidden',
  'routines',
  'computedRelationships',
  'representations',
  'mediaHandlers',
  'roles',
  'schemas',
] as const;

/**
 * The complete catalogue after news: what the news leave out as unchanged is taken from before, as the same objects.
 * @throws TypeError when something is left out that was not there before: the news are of another catalogue
 */
export function mergeCatalog(before: Catalog | undefined, news: Catalog): Catalog {
  if (news.unchanged.length === 0) return news;
  const unchanged = new Set(news.unchanged);
  const known = new Map(before?.tables.map((table) => [partOf(table), table]));
  const tables = news.unchanged
    .filter((part) => part.startsWith('t'))
    .map((part) => {
      const table = known.get(part);
      if (table === undefined) throw new TypeError(`Part ${part} of the catalogue is not known here`);
      return table;
    });
  const merged: Catalog = { ...news, tables: [...tables, ...news.tables].sort(byName), unchanged: [] };
  if (before === undefined) return merged;
  const kept = sections.filter((section) => unchanged.has(section));
  return { ...merged, ...Object.fromEntries(kept.map((section) => [section, before[section]])) };
}

/** As Storage orders them. */
function byName(a: CatalogTable, b: CatalogTable): number {
  const [left, right] = [nameKey(a.schema, a.name), nameKey(b.schema, b.name)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Name of a table's part, as in `Catalog.digests`. */
function partOf(table: CatalogTable): string {
  return `t${table.id}`;
}
