/** The texts of a list of `String` nodes: the parts of a qualified name. Empty for what is none. */
export function syntaxNames(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => String((item as { String?: { sval?: string } }).String?.sval ?? ''));
}
