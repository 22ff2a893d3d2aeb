/**
 * A header value with its UTF-8 bytes one per character, the only way Node takes them. Text of ASCII is its own.
 */
export function headerBytes(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
}

function isAscii(value: string): boolean {
  for (let index = 0; index < value.length; index++) if (value.charCodeAt(index) > 127) return false;
  return true;
}
