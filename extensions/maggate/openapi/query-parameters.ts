import type { JsonSchema } from './column-json-schema.ts';

function option(name: string, schema: JsonSchema, description: string, example?: string): JsonSchema {
  return { name, in: 'query', schema, description, ...(example === undefined ? {} : { example }) };
}

const text = { type: 'string' };

/** The query names with a meaning of their own, as parameters; which of them are served, `reserved-names.ts` says. */
export const queryParameters: Readonly<Record<string, JsonSchema>> = {
  fields: option(
    'fields',
    text,
    'Columns to answer with: `id,name`. Default: all. Lists take rows of related tables as well: ' +
      '`id,album(id,title)`, `items!inner(qty)`.',
  ),
  sort: option('sort', text, '`created_at:desc,name:asc:nullsfirst`; ties are broken by the primary key.'),
  limit: option('limit', { type: 'integer', minimum: 1 }, 'Rows to answer with.'),
  page: option('page', { type: 'integer', minimum: 1, default: 1 }, 'Counted from 1.'),
  q: option('q', text, 'Text to look for in the text columns.'),
  count: option('count', { type: 'string', enum: ['exact'] }, 'Adds meta.total.'),
  search: option(
    'search',
    text,
    'Words to search for, as people write them in a search engine; ranked where no sort is given.',
  ),
  cursor: option(
    'cursor',
    text,
    'Pages that stay stable while rows come and go: empty for the first, then meta.next or meta.previous.',
  ),
  or: option('or', text, 'One of these must hold: `(a.eq.1,b.gt.2)`.'),
  and: option('and', text, 'All of these must hold: `(a.eq.1,or(b.gt.2,c.is.null))`.'),
  'not.or': option('not.or', text, 'None of these may hold: `(a.eq.1,b.gt.2)`.'),
  'not.and': option('not.and', text, 'Not all of these may hold: `(a.eq.1,b.gt.2)`.'),
  group: option(
    'group',
    text,
    'Columns to group by; fields then holds them and aggregates: `a,count(),avg(b):mean`.',
  ),
  having: option('having', text, 'Condition on groups: `count().gt.5`.'),
  distinct: option('distinct', text, '`true` for different rows, or columns of which each value comes once.'),
};

const shared =
  'A value (equality) or operator.value; `not.` before any operator; given twice, both must hold. Operators: ';

/** What a filter on a column takes, by the kind of its type. */
export const filterSchemas: Readonly<Record<string, JsonSchema>> = {
  'filter.text': {
    ...text,
    description: `${shared}eq neq gt gte lt lte like ilike in is. \`eq.\` shields a value that looks like an operator; in.(a,"b,c"); is.null, is.not_null.`,
  },
  'filter.plain': {
    ...text,
    description: `${shared}eq neq gt gte lt lte in is. in.1,2,3; is.null, is.not_null.`,
  },
  'filter.boolean': {
    ...text,
    description: `${shared}eq neq in is. is.true, is.false, is.null, is.not_null.`,
  },
};
