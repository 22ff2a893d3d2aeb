import type { Filter } from '../../parse/filter.ts';
import { malformed } from '../../parse/malformed.ts';
import { splitList } from '../../parse/split-list.ts';

/**
 * The values of an `in` filter. It takes `1,2,3` or `(1,2,3)`; items with commas go in double quotes; `in.()` is the
 * empty list.
 * @throws MF405 for a broken list
 */
export function listedValues({ column, value }: Filter): readonly string[] {
  const bare = value.startsWith('(') && value.endsWith(')') ? value.slice(1, -1) : value;
  if (bare === '' && value !== '') return [];
  const items = splitList(bare);
  if (items === undefined || items.some((item) => item.rest !== '')) {
    throw malformed(
      column,
      `${column}=in.${value} is a broken list.`,
      `Write ${column}=in.1,2,3; an item with a comma goes in double quotes.`,
    );
  }
  return items.map((item) => item.text);
}
