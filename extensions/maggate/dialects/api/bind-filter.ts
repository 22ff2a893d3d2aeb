import type { Filter } from '../../parse/filter.ts';
import { arrayOfTexts } from '../../plan/array-of-texts.ts';
import { listedValues } from './listed-values.ts';

/**
 * The parameter of a filter; that of `in` is one array.
 * @throws MF405 for a broken list
 */
export function bindFilter(filter: Filter): string {
  return filter.operator === 'in' ? arrayOfTexts(listedValues(filter)) : filter.value;
}
