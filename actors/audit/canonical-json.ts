/**
 * JSON with sorted keys and no white space, so that the same entry always gives the same bytes and hash.
 * Fields that are undefined are left out. For our own entries only: no dates, maps or classes.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    // By code unit, as RFC 8785 §3.2.3 sorts; a locale would sort differently elsewhere.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
