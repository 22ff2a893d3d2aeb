import type { CatalogSource } from '../../../../runtime/protocol/catalog.ts';

/**
 * Which columns of a view show a column of a table or view unchanged. PostgreSQL notes it in the view's query
 * tree, in each entry of the target list: `:resno` is the view's column, `:resorigtbl` and `:resorigcol` where it is
 * from, through joins, subqueries and WITH, but not through the views below and not through UNION. Entries of
 * queries inside are at a greater depth and passed over.
 * @param tree `pg_rewrite.ev_action` as text: nodes in braces, fields ` :name value`, a backslash before any
 * character of a name that would mean something (`nodes/outfuncs.c`)
 */
export function readViewSources(tree: string): readonly CatalogSource[] {
  const sources: CatalogSource[] = [];
  let depth = 0;
  let inTargets = false;
  let entry = new Map<string, number>();
  for (let at = 0; at < tree.length; at += 1) {
    switch (tree.charCodeAt(at)) {
      case backslash:
        at += 1;
        break;
      case open:
        depth += 1;
        if (depth === 2) entry = new Map();
        break;
      case close:
        if (depth === 2 && inTargets) addSource(sources, entry);
        depth -= 1;
        break;
      case space:
        if (tree.charCodeAt(at + 1) !== colon || depth > 2) break;
        if (depth === 1) inTargets = tree.startsWith('targetList ', at + 2);
        else if (inTargets) {
          for (const field of fields) {
            if (tree.startsWith(field, at + 2))
              entry.set(
                field,
                Number.parseInt(tree.slice(at + 2 + field.length, at + 14 + field.length), 10),
              );
          }
        }
        break;
    }
  }
  return sources;
}

const backslash = 92;
const open = 123;
const close = 125;
const space = 32;
const colon = 58;
const fields = ['resno ', 'resorigtbl ', 'resorigcol '] as const;

function addSource(sources: CatalogSource[], entry: ReadonlyMap<string, number>): void {
  const [position = 0, table = 0, source = 0] = fields.map((field) => entry.get(field));
  // 0 is a column that is computed; below 0 are system columns.
  if (position > 0 && table > 0 && source > 0) sources.push({ position, table, source });
}
