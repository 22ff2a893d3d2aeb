import type { DatabaseShape, RelationShape, TypeShape } from './database-shape.ts';
import { propertyName } from './property-name.ts';

/** JSON of these is a number, without quotes. */
const numbers = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'oid']);

/** Writes the TypeScript types of the values of PostgreSQL's types, as its JSON has them. */
export class TypeWriter {
  readonly #types: ReadonlyMap<number, TypeShape>;
  readonly #relations: ReadonlyMap<number, RelationShape>;
  readonly #schemas: ReadonlySet<string>;

  /** @param schemas those that are written: what is in others cannot be named */
  constructor({ types, relations }: DatabaseShape, schemas: readonly string[]) {
    this.#types = new Map(types.map((type) => [type.id, type]));
    this.#relations = new Map(relations.map((relation) => [relation.type, relation]));
    this.#schemas = new Set(schemas);
  }

  /** The type of a value that is there. */
  write(id: number): string {
    const type = this.#types.get(id);
    if (type === undefined) return 'unknown';
    if (type.kind === 'domain') return this.write(type.of ?? 0);
    if (type.kind === 'array') return arrayOf(this.write(type.of ?? 0));
    if (type.kind === 'enum') {
      if (this.#schemas.has(type.schema)) return this.#named(type.schema, 'Enums', type.name);
      return (type.values ?? []).map(literal).join(' | ') || 'never';
    }
    if (type.kind === 'composite') return this.#composite(type);
    if (type.schema !== 'pg_catalog') return 'string';
    return baseType(type.name);
  }

  /** The table or view whose rows are of this type. */
  relationOf(id: number): RelationShape | undefined {
    return this.#relations.get(id);
  }

  /** Name of a type, for texts. */
  nameOf(id: number): string {
    return this.#types.get(id)?.name ?? 'unknown';
  }

  row(relation: RelationShape): string {
    return this.#named(relation.schema, relation.view ? 'Views' : 'Tables', relation.name, 'Row');
  }

  /** The columns of a row as they come without being asked for by name: without computed ones. */
  columns(
    columns: readonly { readonly name: string; readonly type: number; readonly nullable?: boolean }[],
  ): string {
    const members = columns.map(({ name, type, nullable = false }) => {
      return `${propertyName(name)}: ${this.write(type)}${nullable ? ' | null' : ''}`;
    });
    return `{ ${members.join('; ')} }`;
  }

  #composite(type: TypeShape): string {
    const relation = this.#relations.get(type.id);
    if (relation !== undefined) return this.row(relation);
    if (type.columns === null) return 'Record<string, unknown>';
    if (this.#schemas.has(type.schema)) return this.#named(type.schema, 'CompositeTypes', type.name);
    return this.columns(type.columns.map((column) => ({ ...column, nullable: true })));
  }

  #named(...path: readonly string[]): string {
    return `Database${path.map((part) => `[${literal(part)}]`).join('')}`;
  }
}

function baseType(name: string): string {
  if (numbers.has(name)) return 'number';
  if (name === 'bool') return 'boolean';
  if (name === 'json' || name === 'jsonb') return 'Json';
  if (name === 'void') return 'undefined';
  if (name === 'record') return 'Record<string, unknown>';
  if (name === 'anyarray' || name === '_record') return 'unknown[]';
  return name.startsWith('any') ? 'unknown' : 'string';
}

function arrayOf(element: string): string {
  return /[ |]/.test(element) && !element.startsWith('Database[') ? `(${element})[]` : `${element}[]`;
}

function literal(text: string): string {
  return JSON.stringify(text);
}
