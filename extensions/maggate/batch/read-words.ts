import type { JsonText } from '../../sdk/index.ts';
import { splitList } from '../parse/split-list.ts';
import { invalidBatch } from './invalid-batch.ts';

/**
 * Names as a list of texts, or as one text with commas; a name with a comma in the latter goes in double quotes.
 * @throws MF423
 */
export function readWords(json: JsonText | undefined, name: string): readonly string[] | undefined {
  if (json === undefined) return undefined;
  const broken = invalidBatch(`"${name}" is no list of names.`, `Write "${name}": ["id", "name"].`);
  if (json.kind === 'string') {
    if (json.value === '') return [];
    const items = splitList(json.value);
    if (items === undefined || items.some(({ rest }) => rest !== '')) throw broken;
    return [...new Set(items.map(({ text, quoted }) => (quoted ? text : text.trim())))];
  }
  if (json.kind !== 'array') throw broken;
  const words = json.items.map((item) => {
    if (item.kind !== 'string') throw broken;
    return item.value;
  });
  return [...new Set(words)];
}
