const tokens = /^[\w!#$%&'*+.^`|~-]+$/;
const unsendable = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Whether name and value may be sent as a header (RFC 9110 §5.1, §5.5): a line break would begin another one. */
export function isHeader(entry: readonly [name: string, value: unknown]): entry is readonly [string, string] {
  const [name, value] = entry;
  return tokens.test(name) && typeof value === 'string' && !unsendable.test(value);
}
