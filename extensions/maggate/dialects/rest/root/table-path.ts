import type { DataTable } from '../../../schema-cache/data-schema.ts';
import { splitComment } from './split-comment.ts';

const paging = ['select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'];

/** Operations on a table; a view that PostgreSQL cannot write to is only read. */
export function tablePath(table: DataTable): Record<string, unknown> {
  const { name } = table;
  const facts = { tags: [name], ...splitComment(table.comment) };
  const filters = [...table.columns.keys()].map((column) => `rowFilter.${name}.${column}`);
  const get = {
    ...facts,
    parameters: references([...filters, ...paging]),
    responses: {
      '200': {
        description: 'OK',
        schema: { type: 'array', items: { $ref: `#/definitions/${name}` } },
      },
      '206': { description: 'Partial Content' },
    },
  };
  if (!table.insertable && !table.updatable && !table.deletable) return { get };
  const write = (parameters: readonly string[], status: string, description: string): object => ({
    ...facts,
    parameters: references(parameters),
    responses: { [status]: { description } },
  });
  return {
    get,
    post: write([`body.${name}`, 'select', 'preferPost'], '201', 'Created'),
    delete: write([...filters, 'preferReturn'], '204', 'No Content'),
    patch: write([...filters, `body.${name}`, 'preferReturn'], '204', 'No Content'),
  };
}

function references(names: readonly string[]): readonly { readonly $ref: string }[] {
  return names.map((name) => ({ $ref: `#/parameters/${name}` }));
}
