/** A name for SQL. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text for SQL, or null. */
export function literal(text: string | null): string {
  if (text === null) return 'null';
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}

/** A name or value for a query string of PostgREST, in double quotes. */
export function wireQuoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A name as clients write it: bare where that is enough. */
export function wireName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : wireQuoted(name);
}
