/** Behind the end of what begins at `from`, or the end of the text. */
function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}

const dollarTag = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy;

/**
 * Cuts a text at the semicolons that PostgreSQL would cut it at: not in strings, names, dollar quotes and comments.
 * For judging only; what runs is cut by the server.
 * @param most pieces; the last one has all the rest
 * @returns pieces that hold more than blanks, without their semicolon
 */
export function splitStatements(text: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  let at = 0;
  const take = (to: number): void => {
    const piece = text.slice(from, to).trim();
    if (piece !== '') pieces.push(piece);
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === 39) at = stringEnd(text, at, isEscapeString(text, at));
    else if (code === 34) at = stringEnd(text, at, false);
    else if (code === 45 && next === 45) at = after(text, '\n', at);
    else if (code === 47 && next === 42) at = commentEnd(text, at);
    else if (code === 36) {
      dollarTag.lastIndex = at;
      const tag = dollarTag.exec(text)?.[0];
      at = tag === undefined ? at + 1 : after(text, tag, at + tag.length);
    } else if (code === 59 && pieces.length + 1 < most) {
      take(at);
      at += 1;
      from = at;
    } else at += 1;
  }
  take(text.length);
  return pieces;
}

/** `E'…'`: the only one in which a backslash hides a quote. */
function isEscapeString(text: string, at: number): boolean {
  return /(?:^|[^\w$])e$/i.test(text.slice(Math.max(0, at - 2), at));
}

function stringEnd(text: string, from: number, escapes: boolean): number {
  const quote = text.charCodeAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (escapes && code === 92) at += 1;
    else if (code === quote) {
      if (text.charCodeAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Comments of PostgreSQL nest. */
function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const pair = text.startsWith('/*', at) ? 1 : text.startsWith('*/', at) ? -1 : 0;
    if (pair === 0) continue;
    depth += pair;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
