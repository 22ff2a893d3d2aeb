const declarations =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|function\*?|class|interface|type)\s+(?<name>[\w$]+)/gm;
const lists = /^export\s+(?:type\s+)?\{(?<names>[^}]*)\}(?<from>\s*from\b)?/gm;

/** Names a module declares and exports itself, and how many statements only hand on another module's. */
export function exportsOf(text: string): { readonly own: readonly string[]; readonly handedOn: number } {
  const own = [...text.matchAll(declarations)].map((match) => match.groups!['name']!);
  let handedOn = [...text.matchAll(/^export\s+(?:type\s+)?\*/gm)].length;
  for (const match of text.matchAll(lists)) {
    if (match.groups!['from'] !== undefined) {
      handedOn += 1;
      continue;
    }
    const names = match.groups!['names']!.split(',').map(
      (name) =>
        name
          .trim()
          .split(/\s+as\s+/)
          .at(-1)!,
    );
    own.push(...names.filter((name) => name !== ''));
  }
  return { own, handedOn };
}
