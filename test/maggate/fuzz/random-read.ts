import type { Dice } from './dice.ts';
import {
  embedName,
  type FuzzCondition,
  type FuzzEmbed,
  type FuzzItem,
  type FuzzNode,
  type FuzzOrder,
  type JsonPath,
} from './fuzz-read.ts';
import type { FuzzColumn, FuzzRelation, FuzzSchema, FuzzTable } from './fuzz-schema.ts';
import { kinds } from './kinds.ts';
import { relationsOf } from './relations-of.ts';

/** Makes requests for a schema. */
export class RandomRead {
  readonly #dice: Dice;
  readonly #schema: FuzzSchema;
  #names = 0;

  constructor(dice: Dice, schema: FuzzSchema) {
    this.#dice = dice;
    this.#schema = schema;
  }

  /** @param ordered everything has an order that leaves no choice, so that answers are compared in order */
  node(table: FuzzTable, ordered: boolean, depth = 0, relation?: FuzzRelation, spread = false): FuzzNode {
    const dice = this.#dice;
    const toOne = relation?.toOne === true;
    const aggregated = !spread && !toOne && dice.chance(12);
    const embeds = aggregated || depth > 1 || spread ? [] : this.#embeds(table, ordered, depth);
    const items = aggregated
      ? this.#aggregates(table)
      : this.#items(table, spread, embeds.length > 0, depth > 0);
    const where = dice.chance(65) ? this.conditions(table, embeds) : [];
    let order: FuzzOrder[] = [];
    if (aggregated) order = ordered ? this.#groupOrder(items) : [];
    else if (ordered && !toOne) order = this.#order(table, embeds);
    const ranged = ordered && !toOne && dice.chance(40);
    const offset = ranged && dice.chance(40) ? dice.int(1, 3) : undefined;
    const least = depth === 0 && offset === undefined ? 0 : 1;
    const limit = ranged && dice.chance(80) ? dice.int(least, 4) : undefined;
    return { table, items, where, embeds, order, limit, offset };
  }

  conditions(table: FuzzTable, embeds: readonly FuzzEmbed[] = []): FuzzCondition[] {
    const count = this.#dice.int(1, 3);
    return Array.from({ length: count }, () => this.#condition(table, embeds, 0));
  }

  #condition(table: FuzzTable, embeds: readonly FuzzEmbed[], depth: number): FuzzCondition {
    const dice = this.#dice;
    if (depth < 3 && dice.chance(25)) {
      const children = Array.from({ length: dice.int(1, 3) }, () =>
        this.#condition(table, embeds, depth + 1),
      );
      return { kind: 'group', operator: dice.pick(['and', 'or']), negated: dice.chance(30), children };
    }
    const tested = embeds.filter(({ spread }) => !spread);
    if (tested.length > 0 && dice.chance(20)) {
      return { kind: 'embedded', negated: dice.chance(50), embed: dice.pick(tested) };
    }
    const column = dice.pick(table.columns);
    const { operators } = kinds[column.kind];
    const negated = dice.chance(25);
    // A key is never null, which PostgreSQL knows beforehand (see schemaDdl).
    if (!table.key.includes(column.name) && dice.chance(15))
      return { ...test(column, dice.pick(['is.null', 'is.not_null']), []), negated };
    if (column.kind === 'jsonb' && dice.chance(60)) {
      const path = this.#path();
      const asText = path.at(-1)?.text === true;
      const operator = asText ? dice.pick(['eq', 'neq', 'like', 'in', 'gt']) : dice.pick(['eq', 'neq']);
      const pool = asText ? ['x', '1', 'y', '{"c": "x"}', 'null'] : ['1', '"x"', '{"c":"x"}', 'null'];
      return { kind: 'test', column, path, negated, operator, values: [dice.pick(pool)] };
    }
    // Now and then something that the type does not know: both sides have to refuse it.
    const operator = dice.chance(3)
      ? dice.pick(['cs', 'sl', 'like', 'fts', 'is.true', 'gt'])
      : dice.pick(operators);
    const several = operator === 'in' || operator.includes('(a');
    const pool = dice.chance(3) ? ['nonsense', '\u{1F600}', '1; select 1'] : kinds[column.kind].values;
    const values = Array.from({ length: several ? dice.int(0, 3) : 1 }, () => dice.pick(pool));
    return {
      kind: 'test',
      column,
      path: [],
      negated,
      operator,
      values: operator.startsWith('is.') ? [] : values,
    };
  }

  /** @param embedded a number before a closing parenthesis is a key in PostgREST, no index */
  #path(embedded = false): JsonPath {
    const dice = this.#dice;
    const length = dice.int(1, 2);
    return Array.from({ length }, (_, at) => ({
      text: at === length - 1 && dice.chance(60),
      key: dice.pick(
        embedded && at === length - 1 ? ['a', 'b', 'b b'] : ['a', 'b', 'c', 'b b', 'q"', 0, 1, -1],
      ),
    }));
  }

  #items(table: FuzzTable, spread: boolean, mayBeEmpty: boolean, embedded: boolean): FuzzItem[] {
    const dice = this.#dice;
    if (!spread && dice.chance(25)) return [{ kind: 'star' }];
    const columns = dice.some(table.columns, 40);
    if (columns.length === 0 && (spread || !mayBeEmpty)) columns.push(dice.pick(table.columns));
    return columns.map((column) => {
      const path = column.kind === 'jsonb' && dice.chance(50) ? this.#path(embedded) : [];
      const cast = path.length === 0 && dice.chance(20) ? dice.pick(kinds[column.kind].casts) : undefined;
      const renamed = spread || path.length > 0 || dice.chance(25);
      return { kind: 'column', column, path, cast, alias: renamed ? this.#name() : undefined };
    });
  }

  #aggregates(table: FuzzTable): FuzzItem[] {
    const dice = this.#dice;
    const items: FuzzItem[] = dice
      .some(table.columns, 15)
      .filter(({ kind }) => kind !== 'jsonb')
      .map((column) => ({ kind: 'column', column, path: [], cast: undefined, alias: undefined }));
    for (let count = dice.int(1, 2); count > 0; count--) {
      const column = dice.chance(35) ? undefined : dice.pick(table.columns);
      const name = column === undefined ? 'count' : dice.pick(kinds[column.kind].aggregates);
      const cast = dice.chance(20) ? 'text' : undefined;
      items.push({ kind: 'aggregate', name, column, cast, alias: this.#name() });
    }
    return items;
  }

  #groupOrder(items: readonly FuzzItem[]): FuzzOrder[] {
    return items.flatMap((item) => (item.kind === 'column' ? [this.#term(item.column)] : []));
  }

  #order(table: FuzzTable, embeds: readonly FuzzEmbed[]): FuzzOrder[] {
    const dice = this.#dice;
    const terms = dice.some(table.columns, 20).map((column) => this.#term(column));
    // What a relation is ordered by has to be selected from it, under its own name.
    const single = embeds.filter(({ relation, node }) => relation.toOne && shownColumns(node).length > 0);
    if (single.length > 0 && dice.chance(40)) {
      const embed = dice.pick(single);
      terms.unshift({ ...this.#term(dice.pick(shownColumns(embed.node))), embed });
    }
    for (const key of table.key) {
      terms.push(this.#term(table.columns.find(({ name }) => name === key) as FuzzColumn));
    }
    return terms;
  }

  #term(column: FuzzColumn): FuzzOrder {
    const dice = this.#dice;
    return {
      column,
      path: [],
      descending: dice.pick([true, false, undefined]),
      nullsFirst: dice.pick([true, false, undefined, undefined]),
      embed: undefined,
    };
  }

  #embeds(table: FuzzTable, ordered: boolean, depth: number): FuzzEmbed[] {
    const dice = this.#dice;
    const embeds: FuzzEmbed[] = [];
    for (const relation of dice.some(relationsOf(this.#schema, table), 35).slice(0, 3)) {
      const taken = embeds.some((embed) => embedName(embed) === relation.target);
      // A spread cannot have another name.
      const spread = !taken && dice.chance(20);
      const node = this.node(relation.to, ordered, depth + 1, relation, spread);
      const alias = !spread && (taken || dice.chance(40)) ? this.#name() : undefined;
      embeds.push({ relation, node, alias, inner: dice.chance(25), spread });
    }
    return embeds;
  }

  #name(): string {
    this.#names += 1;
    return this.#dice.pick([`n${this.#names}`, `n ${this.#names}"`, `Ñ.${this.#names}`]);
  }
}

function shownColumns({ items, table, embeds }: FuzzNode): readonly FuzzColumn[] {
  const taken = embeds.map(embedName);
  const shown = items.flatMap((item) => {
    if (item.kind === 'star') return table.columns;
    if (item.kind === 'aggregate' || item.alias !== undefined || item.cast !== undefined) return [];
    return item.path.length === 0 ? [item.column] : [];
  });
  return shown.filter(({ name }) => !taken.includes(name));
}

function test(column: FuzzColumn, operator: string, values: readonly string[]) {
  return { kind: 'test', column, path: [], negated: false, operator, values } as const;
}
