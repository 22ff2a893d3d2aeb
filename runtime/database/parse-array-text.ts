/**
 * Parses the text of a PostgreSQL array: `{1,NULL,"a \"b\"",{…}}`, with or without bounds (`[0:1]={…}`).
 * @param item turns an element's text into a value; null for NULL
 */
export function parseArrayText(text: string, item: (text: string | null) => unknown): unknown {
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0;

  function array(): unknown[] {
    const values: unknown[] = [];
    at += 1; // {
    while (at < text.length && text[at] !== '}') {
      values.push(text[at] === '{' ? array() : text[at] === '"' ? item(quoted()) : plain());
      if (text[at] === ',') at += 1;
    }
    at += 1; // }
    return values;
  }

  function quoted(): string {
    let value = '';
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at] ?? '';
    }
    at += 1;
    return value;
  }

  function plain(): unknown {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const word = text.slice(start, at);
    return item(word === 'NULL' ? null : word);
  }

  return array();
}
