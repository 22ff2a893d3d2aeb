import type { FuzzForeignKey, FuzzRelation, FuzzSchema, FuzzTable } from './fuzz-schema.ts';

type Pair = readonly [string, string];

/** All ways from a table's rows to others that a request may embed by, each with a name that is not ambiguous. */
export function relationsOf(schema: FuzzSchema, from: FuzzTable): readonly FuzzRelation[] {
  const found: FuzzRelation[] = [];
  const find = (name: string) => schema.tables.find((table) => table.name === name) as FuzzTable;
  for (const key of from.foreignKeys) {
    const isSelf = key.target === from.name;
    if (isSelf) {
      // The column's name leads to the one row; there is no name for a key that is unique.
      if (!key.unique) found.push(way(from, from, true, key.columns[0] as string, undefined, pairs(key)));
    } else found.push(way(from, find(key.target), true, key.target, key.name, pairs(key)));
  }
  for (const to of schema.tables) {
    for (const key of to.foreignKeys) {
      if (key.target !== from.name) continue;
      const back = pairs(key).map(([own, target]): Pair => [target, own]);
      if (to === from) {
        const alone = from.foreignKeys.filter(({ target }) => target === from.name).length === 1;
        if (alone && !key.unique) found.push(way(from, to, false, to.name, undefined, back));
      } else found.push(way(from, to, isUnique(to, key), to.name, key.name, back));
    }
  }
  for (const table of schema.tables) {
    if (table.name !== 'joined') continue;
    const [one, other] = table.foreignKeys as [FuzzForeignKey, FuzzForeignKey];
    const both: readonly Pair2[] = [
      [one, other],
      [other, one],
    ];
    for (const [near, far] of both) {
      if (near.target !== from.name || far.target === from.name) continue;
      found.push({
        ...way(from, find(far.target), false, far.target, table.name, []),
        junction: {
          table,
          source: pairs(near).map(([own, target]): Pair => [target, own]),
          target: pairs(far),
        },
      });
    }
  }
  return found;
}

type Pair2 = readonly [FuzzForeignKey, FuzzForeignKey];

function way(
  from: FuzzTable,
  to: FuzzTable,
  toOne: boolean,
  target: string,
  hint: string | undefined,
  columns: readonly Pair[],
): FuzzRelation {
  return { from, to, toOne, target, hint, pairs: columns };
}

function pairs({ columns, targetColumns }: FuzzForeignKey): readonly Pair[] {
  return columns.map((column, at): Pair => [column, targetColumns[at] as string]);
}

function isUnique(table: FuzzTable, { unique, columns }: FuzzForeignKey): boolean {
  return unique || (table.key.length === columns.length && table.key.every((key) => columns.includes(key)));
}
