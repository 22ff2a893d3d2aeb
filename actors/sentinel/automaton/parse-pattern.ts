import { type TokenClass, tokenClasses, tokenCode } from '../tokens/token-class.ts';

/** A pattern as a tree. `set` holds one flag per token class. */
export type PatternNode =
  | { readonly kind: 'set'; readonly classes: Uint8Array }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly from: number; readonly to: number };

const lexeme = /\s*([A-Z][A-Z0-9_]*|[a-z][a-zA-Z0-9]*|\{\d+(?:,\d*)?\}|[()|?*+^$.!])/y;

/**
 * Reads a pattern over token classes: class names in capitals, names of other patterns in small letters, `^` and `$`
 * for begin and end of the value, `.` for any token, `!(A | B)` for any token but these, and `( | ) ? * + {n,m}` as
 * in a regular expression. Blanks only separate.
 * @param named patterns that may be referred to, read already
 * @throws Error that names the pattern and the place
 */
export function parsePattern(source: string, named: ReadonlyMap<string, PatternNode>): PatternNode {
  const words: string[] = [];
  lexeme.lastIndex = 0;
  while (lexeme.lastIndex < source.trimEnd().length) {
    const at = lexeme.lastIndex;
    const match = lexeme.exec(source);
    if (match === null) throw new Error(`pattern "${source}": cannot read at ${at}`);
    words.push(match[1]!);
  }
  let next = 0;
  const fail = (what: string): never => {
    throw new Error(`pattern "${source}": ${what} at word ${next + 1}`);
  };

  function choice(): PatternNode {
    const parts = [sequence()];
    while (words[next] === '|') {
      next += 1;
      parts.push(sequence());
    }
    if (parts.length === 1) return parts[0]!;
    return parts.every((part) => part.kind === 'set') ? union(parts) : { kind: 'choice', parts };
  }

  function sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (next < words.length && words[next] !== '|' && words[next] !== ')') parts.push(repeat());
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  function repeat(): PatternNode {
    let part = atom();
    for (;;) {
      const word = words[next];
      const bounds = word?.[0] === '{' ? word.slice(1, -1).split(',') : undefined;
      if (word === '?') part = { kind: 'repeat', part, from: 0, to: 1 };
      else if (word === '*') part = { kind: 'repeat', part, from: 0, to: Number.POSITIVE_INFINITY };
      else if (word === '+') part = { kind: 'repeat', part, from: 1, to: Number.POSITIVE_INFINITY };
      else if (bounds !== undefined) {
        const to = bounds[1] === '' ? Number.POSITIVE_INFINITY : Number(bounds[1] ?? bounds[0]);
        part = { kind: 'repeat', part, from: Number(bounds[0]), to };
      } else return part;
      next += 1;
    }
  }

  function atom(): PatternNode {
    const word = words[next] ?? fail('something is missing');
    next += 1;
    if (word === '(') {
      const inner = choice();
      if (words[next] !== ')') fail('a bracket is not closed');
      next += 1;
      return inner;
    }
    if (word === '!') {
      const inner = atom();
      if (inner.kind !== 'set') return fail('only a choice of single tokens can be negated');
      return {
        kind: 'set',
        classes: inner.classes.map((flag, code) => (flag === 1 || isEdge(code) ? 0 : 1)),
      };
    }
    if (word === '.') {
      const classes = new Uint8Array(tokenClasses.length).fill(1);
      classes[tokenCode.START] = 0;
      classes[tokenCode.END] = 0;
      return { kind: 'set', classes };
    }
    const name = word === '^' ? 'START' : word === '$' ? 'END' : word;
    if (/^[a-z]/.test(name)) return named.get(name) ?? fail(`"${name}" is not defined`);
    const code = tokenCode[name as TokenClass] ?? fail(`no token class "${name}"`);
    const classes = new Uint8Array(tokenClasses.length);
    classes[code] = 1;
    return { kind: 'set', classes };
  }

  const tree = choice();
  if (next < words.length) fail(`"${words[next]}" is not expected`);
  return tree;
}

function isEdge(code: number): boolean {
  return code === tokenCode.START || code === tokenCode.END;
}

function union(parts: readonly PatternNode[]): PatternNode {
  const classes = new Uint8Array(tokenClasses.length);
  for (const part of parts) {
    if (part.kind !== 'set') continue;
    for (const [code, flag] of part.classes.entries()) if (flag === 1) classes[code] = 1;
  }
  return { kind: 'set', classes };
}
