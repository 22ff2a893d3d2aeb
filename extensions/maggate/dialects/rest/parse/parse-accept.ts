import type { MediaType } from '../media-type.ts';
import { parseMediaType } from './parse-media-type.ts';

const anything: readonly MediaType[] = [{ kind: 'any' }];
const quality = /^[0-9]+(?:\.[0-9]+)?/;

/**
 * `Accept` in the order of preference: quality, then how specific a type is (parameters count for it, `*` against
 * it), then as written. What follows a quality is ignored.
 */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  if (header === undefined) return anything;
  if (!header.includes(',') && !header.includes(';')) return [parseMediaType(header.replaceAll(' ', ''))];
  return header
    .replaceAll(' ', '')
    .split(',')
    .map((item) => {
      const end = item.indexOf(';q=');
      const text = end === -1 ? item : item.slice(0, end);
      const weight = end === -1 ? 1 : Number(quality.exec(item.slice(end + 3))?.[0] ?? 1);
      return { text, weight, specificity: occurrences(text, ';') - occurrences(text, '*') };
    })
    .sort((one, other) => other.weight - one.weight || other.specificity - one.specificity)
    .map(({ text }) => parseMediaType(text));
}

function occurrences(text: string, character: string): number {
  return text.split(character).length - 1;
}
