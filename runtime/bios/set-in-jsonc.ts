import { blankComments } from './blank-comments.ts';

interface Place {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Sets one value in the text of a configuration file and leaves the rest as it is, comments included. A name that is
 * not there yet is put first.
 * @param text JSONC whose root is an object
 * @param name dotted; it may stand nested or dotted in the file
 */
export function setInJsonc(text: string, name: string, value: unknown): string {
  const plain = blankComments(text);
  const json = JSON.stringify(value);
  const root = plain.indexOf('{');
  const known = placesIn(plain, root).filter((place) => place.name === name);
  if (known.length > 0) {
    return known.reduceRight((now, { from, to }) => now.slice(0, from) + json + now.slice(to), text);
  }
  const empty = /^\s*\}/.test(plain.slice(root + 1));
  const entry = `\n  ${JSON.stringify(name)}: ${json}${empty ? '\n' : ','}`;
  return text.slice(0, root + 1) + entry + text.slice(root + 1);
}

/** Where the values of an object stand, by dotted name. The text is valid JSON. */
function placesIn(plain: string, root: number): readonly Place[] {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  token.lastIndex = root;
  const next = () => token.exec(plain) as RegExpExecArray;
  const places: Place[] = [];
  const readValue = (name: string | undefined): void => {
    const first = next();
    const from = first.index;
    if (first[0] === '{') readMembers(name);
    else if (first[0] === '[') for (let depth = 1; depth > 0; ) depth += { '[': 1, ']': -1 }[next()[0]] ?? 0;
    if (name !== undefined) places.push({ name, from, to: token.lastIndex });
  };
  const readMembers = (parent: string | undefined): void => {
    for (let key = next()[0]; key !== '}'; key = next()[0]) {
      if (key === ',') continue;
      next();
      const own = JSON.parse(key) as string;
      readValue(parent === undefined ? own : `${parent}.${own}`);
    }
  };
  readValue(undefined);
  return places;
}
