import type { RelationShape, RoutineShape } from './database-shape.ts';
import { propertyName } from './property-name.ts';
import type { TypeWriter } from './type-writer.ts';

/**
 * The types of a table or view: `Row`, `Insert`, `Update` where it can be written, and its foreign keys.
 * @param computed functions that take one unnamed row of it: columns that can be asked for by name
 */
export function relationTypes(
  relation: RelationShape,
  computed: readonly RoutineShape[],
  writer: TypeWriter,
): string {
  const { columns, view, insertable, updatable } = relation;
  const nullOr = (type: string, nullable: boolean): string => (nullable ? `${type} | null` : type);
  const row = columns.map(
    ({ name, type, nullable }) => `${propertyName(name)}: ${nullOr(writer.write(type), view || nullable)}`,
  );
  row.push(...computed.map(({ name, returns }) => `${propertyName(name)}: ${writer.write(returns)} | null`));
  const written = (all: boolean): string[] =>
    columns.map(({ name, type, nullable, optional, readOnly }) => {
      const may = all || view || nullable || optional || readOnly;
      const value = readOnly ? 'never' : nullOr(writer.write(type), view || nullable);
      return `${propertyName(name)}${may ? '?' : ''}: ${value}`;
    });
  const members = [`Row: ${object(row)}`];
  // A client's types want both or none of a view, and both of a table, even of one that nobody may write.
  if (!view || insertable || updatable) {
    members.push(`Insert: ${object(written(false))}`, `Update: ${object(written(true))}`);
  }
  members.push(`Relationships: ${relationships(relation)}`);
  return `{\n${members.map((member) => `        ${member}`).join('\n')}\n      }`;
}

function object(members: readonly string[]): string {
  if (members.length === 0) return 'Record<never, never>';
  return `{\n${members.map((member) => `          ${member}`).join('\n')}\n        }`;
}

function relationships({ schema, relationships: all }: RelationShape): string {
  const names = (list: readonly string[]): string =>
    `[${list.map((name) => JSON.stringify(name)).join(', ')}]`;
  const written = all
    .filter((one) => one.schema === schema)
    .map((one) => {
      const members = [
        `foreignKeyName: ${JSON.stringify(one.name)}`,
        `columns: ${names(one.columns)}`,
        `isOneToOne: ${one.oneToOne}`,
        `referencedRelation: ${JSON.stringify(one.relation)}`,
        `referencedColumns: ${names(one.referencedColumns)}`,
      ];
      return `          { ${members.join('; ')} },`;
    });
  return written.length === 0 ? '[]' : `[\n${written.join('\n')}\n        ]`;
}
