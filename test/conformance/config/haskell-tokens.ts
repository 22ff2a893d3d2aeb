/** A token of the part of Haskell that configurations of specifications are written in. */
export type HaskellToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sign'; readonly sign: string };

const shortEscapes: Readonly<Record<string, string>> = {
  ...{ '0': '\0', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '&': '' },
  ...{ '"': '"', "'": "'", '\\': '\\' },
};

const shapes = {
  space: /(?:\s|--[^\n]*)+/y,
  quasi: /\[([a-z][\w']*)?\|([\s\S]*?)\|\]/y,
  text: /"((?:[^"\\]|\\\s+\\|\\[\s\S])*)"/y,
  number: /\d[\d_]*(?:\.\d+)?/y,
  name: /(?:[A-Z][\w']*\.)*[A-Za-z_][\w']*/y,
  sign: /<>|[{}()[\],=$.\-:+]/y,
};

/**
 * Splits Haskell into tokens: names with their module, texts with their escapes resolved (Haskell 2010, 2.6),
 * quasi-quotes as texts, numbers and signs.
 * @throws SyntaxError at a character that none of these begins with
 */
export function haskellTokens(source: string): readonly HaskellToken[] {
  const tokens: HaskellToken[] = [];
  let at = 0;
  let found: readonly string[] = [];
  const takes = (shape: RegExp): boolean => {
    shape.lastIndex = at;
    const match = shape.exec(source);
    if (match === null) return false;
    at = shape.lastIndex;
    found = match;
    return true;
  };
  while (at < source.length) {
    if (takes(shapes.space)) continue;
    if (takes(shapes.quasi)) tokens.push({ kind: 'text', text: found[2] as string });
    else if (takes(shapes.text)) tokens.push({ kind: 'text', text: resolveEscapes(found[1] as string) });
    else if (takes(shapes.number)) {
      tokens.push({ kind: 'number', number: Number((found[0] as string).replaceAll('_', '')) });
    } else if (takes(shapes.name)) tokens.push({ kind: 'name', name: found[0] as string });
    else if (takes(shapes.sign)) tokens.push({ kind: 'sign', sign: found[0] as string });
    else throw new SyntaxError(`unexpected ${JSON.stringify(source.slice(at, at + 20))} in ${source}`);
  }
  return tokens;
}

function resolveEscapes(text: string): string {
  const escapes = /\\(?:\s+\\|x([0-9a-fA-F]+)|o([0-7]+)|(\d+)|([abfnrtv&"'\\0]))/g;
  return text.replace(escapes, (_all, hex?: string, octal?: string, decimal?: string, short?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return short === undefined ? '' : (shortEscapes[short] ?? short);
  });
}
