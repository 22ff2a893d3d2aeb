import { kindOf, WORD_PART } from '../tokens/kind-of-character.ts';

const commentBegin = /\/\*(?:!\d{0,6})?/g;

/**
 * The value with its comments taken out: block comments between two word characters disappear (`un/**\/ion`), others
 * and line comments that end with a line break become a blank (`union --x⏎ select`).
 * @returns undefined when there is no such comment, so the view would be the value itself
 */
export function withoutComments(text: string): string | undefined {
  let out = '';
  let copied = 0;
  let changed = false;
  let blockEnds = true;
  let lineEnds = text.includes('\n');
  if (!lineEnds && !text.includes('/*')) return undefined;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 47 && blockEnds && text.charCodeAt(at + 1) === 42 && text.charCodeAt(at + 2) !== 33) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) {
        blockEnds = false;
        continue;
      }
      const joins = isWordPart(text, at - 1) && isWordPart(text, end + 2);
      out += text.slice(copied, at) + (joins ? '' : ' ');
      copied = end + 2;
      at = end + 1;
      changed ||= joins;
    } else if (lineEnds && (code === 35 || (code === 45 && text.charCodeAt(at + 1) === 45))) {
      const end = text.indexOf('\n', at + 1);
      if (end < 0) {
        lineEnds = false;
        continue;
      }
      out += `${text.slice(copied, at)} `;
      copied = end + 1;
      at = end;
      changed = true;
    }
  }
  return changed ? out + text.slice(copied) : undefined;
}

/**
 * The value with the begin of its block comments blanked, when a quote stands in a comment: to a statement that has
 * opened that quote before, the comment is none (`1/*' or 1=1 --' *\/`).
 */
export function withOpenedComments(text: string): string | undefined {
  const from = text.indexOf('/*');
  if (from < 0) return undefined;
  const to = text.lastIndexOf('*/');
  if (to < from || !/['"`]/.test(text.slice(from, to))) return undefined;
  return text.replace(commentBegin, '  ');
}

function isWordPart(text: string, at: number): boolean {
  return (kindOf(text.charCodeAt(at)) & WORD_PART) !== 0;
}
