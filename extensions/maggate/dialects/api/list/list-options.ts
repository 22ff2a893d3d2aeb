import type { SortTerm } from '../../../parse/list-request.ts';
import { malformed } from '../../../parse/malformed.ts';
import type { SelectNode } from '../../../query/query-params.ts';
import { parseFields } from '../parse-fields.ts';
import { parseSort } from '../parse-sort.ts';
import type { FurtherName } from '../reserved-names.ts';
import type { ScannedQuery } from '../scanned-query.ts';
import type { ConditionTree } from './condition-tree.ts';
import { parseHaving, parseLogic } from './parse-conditions.ts';
import { parseTreeFields } from './parse-tree-fields.ts';

/** The options of a list that is planned as a tree, read; no name is looked up. */
export interface ListOptions {
  /** Undefined: all columns. */
  readonly select: readonly SelectNode[] | undefined;
  readonly logic: readonly ConditionTree[];
  readonly group: readonly string[] | undefined;
  readonly having: readonly ConditionTree[];
  readonly distinct: readonly string[] | 'rows' | undefined;
  readonly search: string | undefined;
  /** Empty: the first page. Undefined: the list has numbered pages. */
  readonly cursor: string | undefined;
  readonly sort: readonly SortTerm[];
  readonly count: boolean;
  readonly q: string | undefined;
}

/** @throws MF405 naming the option */
export function readListOptions(scanned: ScannedQuery): ListOptions {
  const { count, q, fields, sort, further = [] } = scanned;
  if (count !== undefined && count !== 'exact') {
    throw malformed('count', `count=${count} is not known.`, 'Write count=exact, or leave it out.');
  }
  if (q === '') throw malformed('q', 'q is empty.', 'Write q=text, or leave it out.');
  const one = (name: FurtherName) => further.find((option) => option.name === name)?.value;
  const group = one('group');
  const search = one('search');
  const cursor = one('cursor');
  if (search?.trim() === '') throw malformed('search', 'search is empty.', 'Write search=words.');
  if (cursor !== undefined && scanned.page !== undefined) {
    throw malformed('page', 'A list has either numbered pages or a cursor.', 'Leave page out.');
  }
  return {
    select: fields === undefined ? undefined : parseTreeFields(fields),
    logic: further.flatMap(({ name, value }) =>
      name === 'or' || name === 'and' || name === 'not.or' || name === 'not.and'
        ? parseLogic(name, value)
        : [],
    ),
    group: group === undefined ? undefined : parseFields(group, 'group'),
    having: further.flatMap(({ name, value }) => (name === 'having' ? parseHaving(value) : [])),
    distinct: readDistinct(one('distinct')),
    search,
    cursor,
    sort: sort === undefined ? [] : parseSort(sort),
    count: count === 'exact',
    q,
  };
}

function readDistinct(text: string | undefined): ListOptions['distinct'] {
  if (text === undefined || text === 'false') return undefined;
  return text === 'true' ? 'rows' : parseFields(text, 'distinct');
}
