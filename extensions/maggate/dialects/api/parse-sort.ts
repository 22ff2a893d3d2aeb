import type { SortTerm } from '../../parse/list-request.ts';
import { malformed } from '../../parse/malformed.ts';
import { splitList } from '../../parse/split-list.ts';

const example = 'Write for example sort=created_at:desc,name or sort=name:asc:nullsfirst.';

/**
 * Reads `created_at:desc,name`; a name with a comma or colon goes in double quotes.
 * @throws MF405 for an empty or unknown part
 */
export function parseSort(text: string): readonly SortTerm[] {
  const items = splitList(text);
  if (items === undefined) throw malformed('sort', `sort=${text} has a quote that is not closed.`, example);
  return items.map((item) => {
    const [name, ...modifiers] = item.quoted
      ? [item.text, ...item.rest.split(':').slice(1)]
      : item.text.trim().split(':');
    if (name === undefined || name === '' || (item.quoted && item.rest !== '' && item.rest[0] !== ':')) {
      throw malformed('sort', `sort=${text} has an empty or broken part.`, example);
    }
    return { column: name, ...parseModifiers(text, modifiers) };
  });
}

function parseModifiers(text: string, modifiers: readonly string[]): Omit<SortTerm, 'column'> {
  let descending: boolean | undefined;
  let nulls: SortTerm['nulls'];
  for (const modifier of modifiers) {
    if (descending === undefined && nulls === undefined && (modifier === 'asc' || modifier === 'desc')) {
      descending = modifier === 'desc';
    } else if (nulls === undefined && (modifier === 'nullsfirst' || modifier === 'nullslast')) {
      nulls = modifier === 'nullsfirst' ? 'first' : 'last';
    } else {
      throw malformed(
        'sort',
        `sort=${text} has ":${modifier}"; allowed are :asc, :desc, :nullsfirst and :nullslast.`,
        example,
      );
    }
  }
  return { descending: descending ?? false, nulls };
}
