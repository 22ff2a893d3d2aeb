import { malformed } from '../../parse/malformed.ts';
import { splitList } from '../../parse/split-list.ts';

/**
 * Reads `id,name`; a name with a comma goes in double quotes.
 * @throws MF405 for an empty name
 */
export function parseFields(
  text: string,
  option: 'fields' | 'group' | 'distinct' = 'fields',
): readonly string[] {
  const items = splitList(text);
  if (items === undefined) throw malformed(option, `${option}=${text} has a quote that is not closed.`);
  const names = items.map((item) => {
    const name = item.quoted ? item.text : item.text.trim();
    if (name === '' || item.rest !== '') {
      throw malformed(
        option,
        `${option}=${text} has an empty or broken name.`,
        `Write for example ${option}=id,name.`,
      );
    }
    return name;
  });
  return [...new Set(names)];
}
