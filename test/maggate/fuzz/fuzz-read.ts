import type { FuzzColumn, FuzzRelation, FuzzTable } from './fuzz-schema.ts';

export type JsonPath = readonly { readonly text: boolean; readonly key: string | number }[];

export type FuzzItem =
  | { readonly kind: 'star' }
  | {
      readonly kind: 'column';
      readonly column: FuzzColumn;
      readonly path: JsonPath;
      readonly cast: string | undefined;
      readonly alias: string | undefined;
    }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      /** Undefined: `count()` of rows. */
      readonly column: FuzzColumn | undefined;
      readonly cast: string | undefined;
      readonly alias: string;
    };

export type FuzzCondition =
  | {
      readonly kind: 'test';
      readonly column: FuzzColumn;
      readonly path: JsonPath;
      readonly negated: boolean;
      /** As on the wire: `eq`, `like(any)`, `fts(english)`, `is.null`. */
      readonly operator: string;
      /** Several for `in` and quantified operators. */
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'group';
      readonly operator: 'and' | 'or';
      readonly negated: boolean;
      readonly children: readonly FuzzCondition[];
    }
  | { readonly kind: 'embedded'; readonly negated: boolean; readonly embed: FuzzEmbed };

export interface FuzzOrder {
  readonly column: FuzzColumn;
  readonly path: JsonPath;
  readonly descending: boolean | undefined;
  readonly nullsFirst: boolean | undefined;
  /** `order=relation(column)`. */
  readonly embed: FuzzEmbed | undefined;
}

export interface FuzzNode {
  readonly table: FuzzTable;
  readonly items: readonly FuzzItem[];
  readonly where: readonly FuzzCondition[];
  readonly embeds: readonly FuzzEmbed[];
  readonly order: readonly FuzzOrder[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export interface FuzzEmbed {
  readonly relation: FuzzRelation;
  readonly node: FuzzNode;
  readonly alias: string | undefined;
  readonly inner: boolean;
  readonly spread: boolean;
}

/** What an embedded relation is called in conditions, orders and answers. */
export function embedName({ alias, relation }: Pick<FuzzEmbed, 'alias' | 'relation'>): string {
  return alias ?? relation.target;
}
