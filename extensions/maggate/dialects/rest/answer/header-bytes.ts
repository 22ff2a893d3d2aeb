const unsendable = /[\u0000-\u0008\u000a-\u001f\u007f]/g;

/**
 * A header value with its UTF-8 bytes one per character, the only way Node takes them; text of ASCII is its own. Names
 * of the project may hold what no header does: it becomes `?`.
 */
export function headerBytes(value: string): string {
  if (isPlain(value)) return value;
  return Buffer.from(value.replace(unsendable, '?'), 'utf8').toString('latin1');
}

function isPlain(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code < 32 || code > 126) return false;
  }
  return true;
}
