import type { OrderedColumn } from './ordered-column.ts';

/** An order in the words of `sort`. */
export function sortText(columns: readonly OrderedColumn[]): string {
  return columns
    .map(({ order: { rank, field, direction, nulls } }) => {
      const name = rank === undefined ? field.name : 'best match';
      return `${name}${direction === 'desc' ? ':desc' : ''}${nulls === undefined ? '' : `:nulls${nulls}`}`;
    })
    .join(',');
}
