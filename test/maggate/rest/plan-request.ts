import type { Preferences } from '../../../extensions/maggate/dialects/rest/preferences.ts';
import type { RestAction, RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type {
  Filter,
  LogicTree,
  Operation,
  OrderTerm,
  PathFilter,
  QueryParams,
  SelectNode,
} from '../../../extensions/maggate/query/query-params.ts';

/** A column of the select list. */
export function col(
  name: string,
  more: Partial<Omit<Extract<SelectNode, { kind: 'field' }>, 'kind' | 'field'>> & {
    readonly path?: string;
  } = {},
): SelectNode {
  const { path, ...rest } = more;
  return {
    kind: 'field',
    field: { name, jsonPath: steps(path) },
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
    ...rest,
  };
}

/** `a.0` are the steps `->a->0`. */
function steps(path: string | undefined): Filter['field']['jsonPath'] {
  if (path === undefined) return [];
  return path.split('.').map((value) => ({
    text: false,
    kind: /^\d+$/.test(value) ? ('index' as const) : ('key' as const),
    value,
  }));
}

/** An embedded relation: `alias:relation!hint`. */
export function rel(
  spec: string,
  select: readonly SelectNode[] = [col('*')],
  join?: 'inner' | 'left',
): SelectNode {
  const [, alias, relation, hint] = /^(?:([^:]*):)?([^!]*)(?:!(.*))?$/.exec(spec)!;
  return { kind: 'relation', relation: relation!, alias, hint, join, select };
}

/** A spread relation: `relation!hint`. */
export function spread(spec: string, select: readonly SelectNode[]): SelectNode {
  const [relation, hint] = spec.split('!');
  return { kind: 'spread', relation: relation!, hint, join: undefined, select };
}

const equals: Operation = { kind: 'quant', operator: 'eq', quantifier: undefined, value: '1' };

/** A filter at `path.name`, `eq.1` unless said. */
export function filter(at: string, operation: Operation = equals, negated = false): PathFilter {
  const path = at.split('.');
  const name = path.pop()!;
  return { path, field: { name, jsonPath: [] }, negated, operation };
}

/** `and` of filters. */
export function and(...filters: readonly Filter[]): LogicTree {
  return {
    kind: 'logic',
    negated: false,
    operator: 'and',
    children: filters.map((each) => ({ kind: 'filter', filter: each })),
  };
}

/** `column`, or `relation(column)`. */
export function by(term: string): OrderTerm {
  const [, relation, name] = /^(?:([^(]*)\()?([^)]*)\)?$/.exec(term)!;
  return { relation, field: { name: name!, jsonPath: [] }, direction: 'desc', nulls: undefined };
}

const noPreferences: Preferences = {
  resolution: undefined,
  return: undefined,
  count: undefined,
  transaction: undefined,
  missing: undefined,
  handling: undefined,
  timezone: undefined,
  maxAffected: undefined,
  invalid: [],
};

export interface RequestParts {
  readonly query?: Partial<QueryParams>;
  readonly preferences?: Partial<Preferences>;
  readonly rest?: Partial<RestRequest>;
}

/** A parsed request; what is not said is as if the client had not said it. */
export function planRequest(
  action: RestAction,
  { query, preferences, rest }: RequestParts = {},
): RestRequest {
  return {
    action,
    schema: 'test',
    negotiatedByProfile: false,
    query: {
      select: [col('*')],
      columns: undefined,
      onConflict: undefined,
      filters: [],
      parameters: [],
      logic: [],
      order: [],
      ranges: new Map(),
      canonical: '',
      ...query,
    },
    topRange: { offset: 0, limit: undefined },
    preferences: { ...noPreferences, ...preferences },
    accept: [{ kind: 'any' }],
    contentType: { kind: 'json' },
    payload: undefined,
    columns: new Set(),
    method: 'GET',
    path: '/',
    ...rest,
  };
}

/** A GET of a table. */
export function read(name: string, parts: RequestParts = {}): RestRequest {
  return planRequest({ kind: 'read', table: { schema: 'test', name }, headersOnly: false }, parts);
}

/** A write of a table. */
export function write(
  mutation: Extract<RestAction, { kind: 'mutate' }>['mutation'],
  name: string,
  parts: RequestParts = {},
): RestRequest {
  return planRequest({ kind: 'mutate', table: { schema: 'test', name }, mutation }, parts);
}

/** A call of a function with arguments in the query string (GET) or names in the body (POST). */
export function call(
  method: 'GET' | 'HEAD' | 'POST',
  name: string,
  given: readonly string[] = [],
  parts: RequestParts = {},
): RestRequest {
  const parameters = method === 'POST' ? [] : given.map((each) => [each, '1'] as const);
  return planRequest(
    { kind: 'call', routine: { schema: 'test', name }, method },
    {
      ...parts,
      query: { parameters, ...parts.query },
      rest: { columns: new Set(method === 'POST' ? given : []), ...parts.rest },
    },
  );
}
