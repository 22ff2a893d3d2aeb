const maxDepth = 32;
const forbidden = ['__proto__', 'constructor', 'prototype'];

/**
 * JSON (RFC 8259) in which no two readers can see different things: a key that is there twice is refused, and so
 * is one that another program might take for a prototype.
 * @throws Error saying what is wrong
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // From here on the text is known to be JSON, so that tokens can be told apart without a grammar.
  const open: (Set<string> | undefined)[] = [];
  let mayBeKey = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/gs)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      if (open.length > maxDepth) throw new Error(`it is nested deeper than ${maxDepth} levels`);
      mayBeKey = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      mayBeKey = false;
    } else if (token === ',') {
      mayBeKey = open.at(-1) !== undefined;
    } else if (token.startsWith('"') && mayBeKey) {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1)!;
      if (forbidden.includes(key)) throw new Error(`the key ${key} is not allowed`);
      if (keys.has(key)) throw new Error(`the key ${key} is there twice`);
      keys.add(key);
      mayBeKey = false;
    }
  }
  return value;
}
