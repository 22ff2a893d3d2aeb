import type { UnitBuffer } from '../normalise/unit-buffer.ts';

const SLASH = 47;
const STAR = 42;
const BANG = 33;

/**
 * Takes the text out of closed block comments, in place: a database does not read it. Version comments stay, and so do
 * those with a quote, which may be no comments at all.
 * @param nested whether comments stand in comments, as in PostgreSQL; in MySQL the first end ends them all
 * @returns whether a comment began in a comment, so that the other way may read something else
 */
export function emptyComments(buffer: UnitBuffer, nested: boolean): boolean {
  const { units, length } = buffer;
  let write = 0;
  let ended = false;
  let found = false;
  for (let at = 0; at < length; ) {
    if (!ended && units[at] === SLASH && units[at + 1] === STAR && units[at + 2] !== BANG) {
      let end = at + 2;
      let depth = 1;
      let quoted = false;
      while (end + 1 < length) {
        const code = units[end]!;
        if (code === STAR && units[end + 1] === SLASH) {
          depth -= 1;
          if (depth === 0) break;
          end += 1;
        } else if (code === SLASH && units[end + 1] === STAR) {
          found = true;
          if (nested) depth += 1;
          end += 1;
        } else if (code === 39 || code === 34 || code === 96) quoted = true;
        end += 1;
      }
      if (end + 1 >= length) ended = true;
      else if (quoted) {
        while (at < end + 2) units[write++] = units[at++]!;
        continue;
      } else {
        units[write++] = SLASH;
        units[write++] = STAR;
        units[write++] = STAR;
        units[write++] = SLASH;
        at = end + 2;
        continue;
      }
    }
    units[write++] = units[at]!;
    at += 1;
  }
  buffer.end(write);
  return found;
}
