/**
 * One item of a comma list: its text, and what follows a closing quote (`:desc` of `"odd,name":desc`).
 * `quoted` tells `"5"` from `5`.
 */
export interface ListItem {
  readonly text: string;
  readonly quoted: boolean;
  readonly rest: string;
}

/**
 * Splits `a,"b,c":desc,d` at its commas. An item that begins with a double quote may hold commas until the
 * closing one; inside, `\` takes the next character as it is.
 * @returns undefined when a quote is not closed
 */
export function splitList(list: string): readonly ListItem[] | undefined {
  const items: ListItem[] = [];
  let at = 0;
  while (at <= list.length) {
    let text = '';
    const quoted = list[at] === '"';
    if (quoted) {
      at += 1;
      while (at < list.length && list[at] !== '"') {
        if (list[at] === '\\') at += 1;
        text += list[at] ?? '';
        at += 1;
      }
      if (list[at] !== '"') return undefined;
      at += 1;
    }
    const comma = list.indexOf(',', at);
    const end = comma === -1 ? list.length : comma;
    const rest = list.slice(at, end);
    items.push(quoted ? { text, quoted, rest } : { text: rest, quoted, rest: '' });
    at = end + 1;
  }
  return items;
}
