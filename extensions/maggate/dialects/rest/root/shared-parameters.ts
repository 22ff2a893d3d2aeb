import type { DataTable } from '../../../schema-cache/data-schema.ts';

type Parameter = Readonly<Record<string, unknown>>;

const text = { required: false, type: 'string' } as const;

const prefer = (values: readonly string[]): Parameter => ({
  name: 'Prefer',
  description: 'Preference',
  in: 'header',
  ...text,
  ...(values.length === 0 ? {} : { enum: values }),
});

const returns = ['return=representation', 'return=minimal', 'return=none'];
const resolutions = ['resolution=ignore-duplicates', 'resolution=merge-duplicates'];
const paging = { description: 'Limiting and Pagination', ...text };

const common: Readonly<Record<string, Parameter>> = {
  preferParams: prefer([]),
  preferReturn: prefer(returns),
  preferCount: prefer(['count=none']),
  preferPost: prefer([...returns, ...resolutions]),
  select: { name: 'select', description: 'Filtering Columns', in: 'query', ...text },
  on_conflict: { name: 'on_conflict', description: 'On Conflict', in: 'query', ...text },
  order: { name: 'order', description: 'Ordering', in: 'query', ...text },
  range: { name: 'Range', in: 'header', ...paging },
  rangeUnit: { name: 'Range-Unit', in: 'header', default: 'items', ...paging },
  offset: { name: 'offset', in: 'query', ...paging },
  limit: { name: 'limit', in: 'query', ...paging },
};

/** Parameters that the paths refer to: those of the dialect, and per table its body and a filter for each column. */
export function sharedParameters(tables: readonly DataTable[]): Record<string, Parameter> {
  const ofTables = tables.flatMap((table) => [
    [`body.${table.name}`, bodyParameter(table)] as const,
    ...[...table.columns.values()].map(
      ({ name, comment }) =>
        [
          `rowFilter.${table.name}.${name}`,
          { name, ...(comment === null ? {} : { description: comment }), in: 'query', ...text },
        ] as const,
    ),
  ]);
  return { ...common, ...Object.fromEntries(ofTables) };
}

function bodyParameter({ name }: DataTable): Parameter {
  return {
    name,
    description: name,
    required: false,
    in: 'body',
    schema: { $ref: `#/definitions/${name}` },
  };
}
