import type { Client } from 'pg';
import type { ActionPlan } from '../../../extensions/maggate/dialects/rest/action-plan.ts';
import { buildAction } from '../../../extensions/maggate/dialects/rest/build-action.ts';
import type { ActionFacts, BuiltAction } from '../../../extensions/maggate/dialects/rest/built-action.ts';
import type {
  PlannedField,
  PlannedLogic,
  PlannedSelect,
  ReadNode,
} from '../../../extensions/maggate/plan/read-plan.ts';
import type { Cardinality, Relationship } from '../../../extensions/maggate/schema-cache/data-schema.ts';
import { testCluster } from '../../support/test-cluster.ts';

/** A field that needs nothing done to it. */
export function field(name: string, more: Partial<PlannedField> = {}): PlannedField {
  return {
    name,
    jsonPath: [],
    toJson: false,
    toTsVector: undefined,
    type: '',
    baseType: '',
    transform: undefined,
    default: undefined,
    fullRow: false,
    ...more,
  };
}

export function select(of: string | PlannedField, more: Partial<PlannedSelect> = {}): PlannedSelect {
  return {
    field: typeof of === 'string' ? field(of) : of,
    aggregate: undefined,
    aggregateCast: undefined,
    cast: undefined,
    alias: undefined,
    ...more,
  };
}

export function eq(name: string, value: string): PlannedLogic {
  return filter(name, { kind: 'quant', operator: 'eq', quantifier: undefined, value });
}

export function filter(
  of: string | PlannedField,
  operation: Extract<PlannedLogic, { kind: 'filter' }>['operation'],
  negated = false,
): PlannedLogic {
  return { kind: 'filter', field: typeof of === 'string' ? field(of) : of, negated, operation };
}

/** A node over a table of the schema `api`. */
export function node(table: string, more: Partial<ReadNode> = {}): ReadNode {
  return {
    select: [],
    from: { schema: 'api', name: table },
    fromAlias: undefined,
    where: [],
    order: [],
    range: { offset: 0, limit: undefined },
    name: table,
    relationship: undefined,
    joins: [],
    alias: undefined,
    aggregateAlias: '',
    hint: undefined,
    join: undefined,
    spread: undefined,
    relationSelect: [],
    depth: 0,
    legacyTargetName: false,
    children: [],
    ...more,
  };
}

/** A relation by a foreign key, one level below `parent`: `pairs` are columns there and here. */
export function embedded(
  parent: string,
  table: string,
  pairs: readonly (readonly [string, string])[],
  more: Partial<ReadNode> & { readonly toOne?: boolean; readonly parentAlias?: string } = {},
): ReadNode {
  const { toOne = false, parentAlias, ...rest } = more;
  const depth = rest.depth ?? 1;
  const fromAlias = `${table}_${depth}`;
  const kind = toOne ? ('many-to-one' as const) : ('one-to-many' as const);
  const left =
    parentAlias === undefined ? { schema: 'api', name: parent } : { schema: '', name: parentAlias };
  return node(table, {
    fromAlias,
    depth,
    relationship: foreignKey(parent, table, { kind, constraint: 'fk', columns: pairs }),
    aggregateAlias: `${parent}_${rest.alias ?? table}_${depth}`,
    joins: pairs.map(([there, here]) => ({
      left: { table: { schema: '', name: fromAlias }, column: here },
      right: { table: left, column: there },
    })),
    ...rest,
  });
}

export function foreignKey(table: string, foreignTable: string, cardinality: Cardinality): Relationship {
  return {
    kind: 'foreign-key',
    table: { schema: 'api', name: table },
    foreignTable: { schema: 'api', name: foreignTable },
    isSelf: table === foreignTable,
    cardinality,
    tableIsView: false,
    foreignTableIsView: false,
  };
}

/** The relation as JSON under its name in the parent. */
export function shown(
  child: ReadNode,
  mode: 'object' | 'array',
  empty = false,
): ReadNode['relationSelect'][number] {
  return { kind: 'json', name: child.alias ?? child.name, alias: child.aggregateAlias, mode, empty };
}

export const noFacts: ActionFacts = {
  preferCount: undefined,
  maxRows: null,
  range: { offset: 0, limit: undefined },
  returnPreference: undefined,
  resolution: undefined,
  maxAffected: undefined,
};

export function readPlan(
  read: ReadNode,
  handler: ActionPlan['handler'] = { kind: 'json' },
  media: ActionPlan['media'] = { kind: 'json' },
): ActionPlan {
  return { kind: 'read', read, handler, media };
}

/** A project of the test cluster where built statements run as its owner. */
export interface Bed {
  build(plan: ActionPlan, facts?: Partial<ActionFacts>): BuiltAction;
  /** The one row, every column as its text. */
  run(plan: ActionPlan, facts?: Partial<ActionFacts>): Promise<Record<string, string | null>>;
  /** The body of the row, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of any shape
  body(plan: ActionPlan, facts?: Partial<ActionFacts>): Promise<any>;
  rows(text: string, values?: readonly (string | null)[]): Promise<readonly Record<string, string | null>[]>;
  close(): Promise<void>;
}

export async function openBed(ddl: string): Promise<Bed> {
  const cluster = await testCluster();
  const project = await cluster.createProject();
  await project.sql(ddl);
  const client: Client = await cluster.connect(cluster.logins.owner(project.ref), project.database);
  const rows: Bed['rows'] = async (text, values = []) => {
    const types = { getTypeParser: () => (value: string) => value };
    return (await client.query({ text, values: [...values], types })).rows;
  };
  const bed: Bed = {
    build: (plan, facts) => buildAction(plan, { ...noFacts, ...facts }),
    rows,
    async run(plan, facts) {
      const { text, parameters } = bed.build(plan, facts);
      // Settings count what one transaction inserts.
      await client.query('begin');
      try {
        const all = await rows(
          text,
          parameters.map(({ value }) => value),
        );
        await client.query('commit');
        return all[0]!;
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    },
    async body(plan, facts) {
      return JSON.parse((await bed.run(plan, facts))['body']!);
    },
    async close() {
      await client.end();
      await project.remove();
    },
  };
  return bed;
}
