import type { UnitBuffer } from '../normalise/unit-buffer.ts';

const SLASH = 47;
const STAR = 42;
const BANG = 33;

/**
 * Takes the text out of closed block comments, in place: a database does not read it. Version comments stay, and so do
 * those with a quote, which may be no comments at all.
 */
export function emptyComments(buffer: UnitBuffer): void {
  const { units, length } = buffer;
  let write = 0;
  let ended = false;
  for (let at = 0; at < length; ) {
    if (!ended && units[at] === SLASH && units[at + 1] === STAR && units[at + 2] !== BANG) {
      let end = at + 2;
      let quoted = false;
      while (end + 1 < length && !(units[end] === STAR && units[end + 1] === SLASH)) {
        const code = units[end]!;
        if (code === 39 || code === 34 || code === 96) quoted = true;
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
}
