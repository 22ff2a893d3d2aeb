import { malformed } from '../../parse/malformed.ts';
import { splitList } from '../../parse/split-list.ts';

/**
 * Reads `id,name`; a name with a comma goes in double quotes.
 * @throws MF405 for an empty name
 */
export function parseFields(text: string): readonly string[] {
  const items = splitList(text);
  if (items === undefined) throw malformed('fields', `fields=${text} has a quote that is not closed.`);
  const names = items.map((item) => {
    const name = item.quoted ? item.text : item.text.trim();
    if (name === '' || item.rest !== '') {
      throw malformed(
        'fields',
        `fields=${text} has an empty or broken name.`,
        'Write for example fields=id,name.',
      );
    }
    return name;
  });
  return [...new Set(names)];
}
