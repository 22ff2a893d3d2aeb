/**
 * One text for one value: keys in the order of their UTF-16 units, no white space (RFC 8785 for texts, booleans,
 * and numbers as JavaScript writes them). What is signed is this text.
 * @param value of JSON
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Readonly<Record<string, unknown>>;
  const entries = Object.keys(fields)
    .filter((key) => fields[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key])}`);
  return `{${entries.join(',')}}`;
}
