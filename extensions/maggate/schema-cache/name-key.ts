/** Key of a qualified name in the maps of the schema; no identifier holds a NUL. */
export function nameKey(schema: string, name: string): string {
  return `${schema}\0${name}`;
}
