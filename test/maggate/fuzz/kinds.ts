import type { Kind } from './fuzz-schema.ts';

interface KindFacts {
  readonly sql: string;
  /** Texts that the type's input function reads. */
  readonly values: readonly string[];
  /** Operators that PostgreSQL has for it besides `is.null`. */
  readonly operators: readonly string[];
  readonly casts: readonly string[];
  readonly aggregates: readonly string[];
  /** The value as JSON of a body. */
  readonly json: (text: string) => unknown;
}

const compare = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct', 'in', 'eq(any)', 'lt(all)', 'gte(any)'];
const patterns = ['like', 'ilike', 'match', 'imatch', 'like(any)', 'ilike(all)', 'match(any)', 'imatch(all)'];
const search = ['fts', 'plfts', 'phfts', 'wfts', 'fts(english)', 'plfts(simple)', 'wfts(german)'];
const text = (value: string): unknown => value;
const numbers = ['sum', 'avg', 'min', 'max', 'count'];

/** What the fuzz knows of each type. Few values, so that conditions and keys meet. */
export const kinds: Readonly<Record<Kind, KindFacts>> = {
  int: {
    sql: 'int',
    values: ['0', '1', '2', '3', '-1', '7', '2147483647'],
    operators: compare,
    casts: ['text', 'bigint', 'double precision'],
    aggregates: numbers,
    json: Number,
  },
  bigint: {
    sql: 'bigint',
    values: ['0', '5', '-3', '9007199254740993', '9223372036854775807'],
    operators: compare,
    casts: ['text', 'numeric'],
    aggregates: ['min', 'max', 'count', 'sum'],
    json: text,
  },
  numeric: {
    sql: 'numeric',
    values: ['0', '1.50', '-2.25', '1e3', '12345678901234567890.123', '1'],
    operators: compare,
    casts: ['text', 'bigint'],
    aggregates: numbers,
    json: text,
  },
  text: {
    sql: 'text',
    values: [
      ...['', 'a', 'B', 'ab', 'a,b', 'it\'s "so"', 'back\\slash', '(x)', 'x.y', 'null', '{a}', '%', '_', '*'],
      ...['ünï', '日本', ' sp ', 'two words', "'; drop table x; --", 'a.*', 'true', '$1', '\u202eRTL'],
    ],
    operators: [...compare, ...patterns, ...search],
    casts: ['varchar', 'text', 'name'],
    aggregates: ['min', 'max', 'count'],
    json: text,
  },
  bool: {
    sql: 'boolean',
    values: ['true', 'false'],
    operators: ['eq', 'neq', 'is.true', 'is.false', 'is.unknown', 'isdistinct', 'in'],
    casts: ['text', 'int'],
    aggregates: ['count'],
    json: (value) => value === 'true',
  },
  date: {
    sql: 'date',
    values: ['2026-01-01', '1999-12-31', 'infinity', '0044-03-15 BC'],
    operators: compare,
    casts: ['text', 'timestamp', 'timestamp without time zone'],
    aggregates: ['min', 'max', 'count'],
    json: text,
  },
  timestamptz: {
    sql: 'timestamptz',
    values: ['2026-01-01T00:00:00Z', '2026-01-01 12:30:00.5+02', '1970-01-01T00:00:00Z'],
    operators: compare,
    casts: ['text', 'date'],
    aggregates: ['min', 'max', 'count'],
    json: text,
  },
  uuid: {
    sql: 'uuid',
    values: ['00000000-0000-0000-0000-000000000001', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'],
    operators: compare,
    casts: ['text'],
    aggregates: ['count'],
    json: text,
  },
  jsonb: {
    sql: 'jsonb',
    values: [
      ...['{"a":1,"b":{"c":"x"}}', '[1,[2,"y"]]', '"s"', 'null', '{"a":"1","b b":null}', '{}', '7'],
      ...['{"a":[1,2],"q\\"":true}'],
    ],
    operators: ['eq', 'neq', 'cs', 'cd', 'isdistinct', 'gt'],
    casts: ['text', 'json'],
    aggregates: ['count'],
    json: (value) => JSON.parse(value),
  },
  ints: {
    sql: 'int[]',
    values: ['{}', '{1}', '{1,2}', '{2,NULL}', '{{1,2},{3,4}}'],
    operators: ['eq', 'neq', 'cs', 'cd', 'ov', 'lt', 'isdistinct'],
    casts: ['text'],
    aggregates: ['count'],
    json: text,
  },
  texts: {
    sql: 'text[]',
    values: ['{}', '{a}', '{"a,b",c}', '{NULL}', '{"q\\"x"}'],
    operators: ['eq', 'cs', 'cd', 'ov', 'isdistinct'],
    casts: ['text'],
    aggregates: ['count'],
    json: text,
  },
  range: {
    sql: 'int4range',
    values: ['[1,5)', '(,3]', 'empty', '[5,9]', '[9,)'],
    operators: ['eq', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj', 'lt', 'isdistinct'],
    casts: ['text'],
    aggregates: ['count'],
    json: text,
  },
  enum: {
    sql: 'fuzz_mood',
    values: ['sad', 'ok', 'very "happy"'],
    operators: ['eq', 'neq', 'gt', 'lte', 'in', 'isdistinct', 'eq(any)'],
    casts: ['text'],
    aggregates: ['min', 'max', 'count'],
    json: text,
  },
  domain: {
    sql: 'fuzz_short',
    values: ['a', 'bb', 'c c', ''],
    operators: ['eq', 'neq', 'like', 'in', 'gt', 'match'],
    casts: ['text'],
    aggregates: ['count', 'max'],
    json: text,
  },
};
