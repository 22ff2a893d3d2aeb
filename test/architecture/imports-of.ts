import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the project's root for relative imports; undefined for packages and Node modules. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
}

const statements =
  /\b(?<keyword>import|export)\s+(?<type>type\s+)?(?:[\w$*{}\s,]*?\bfrom\s+)?['"](?<from>[\w@.][\w@./:-]*)['"]/g;
const calls = /\b(?<what>import|moduleUrl)\(\s*['"](?<from>[\w@.][\w@./:-]*)['"]/g;

/**
 * What a module imports: statements, `import()` and modules named for another thread with `moduleUrl`.
 * `typeof import('…')` and `import('…').Type` are types only.
 * @param file path of the module from the project's root
 */
export function importsOf(file: string, text: string): readonly Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  for (const match of code.matchAll(statements)) {
    const { from = '', type } = match.groups ?? {};
    found.push({ specifier: from, file: resolveFrom(file, from), typeOnly: type !== undefined });
  }
  for (const match of code.matchAll(calls)) {
    const { from = '', what } = match.groups ?? {};
    const before = code.slice(Math.max(0, match.index - 12), match.index);
    const dynamic = what === 'moduleUrl' || /\bawait\s+$|\(\s*$|=>\s*$|\breturn\s+$/.test(before);
    found.push({ specifier: from, file: resolveFrom(file, from), typeOnly: !dynamic });
  }
  return found;
}

function resolveFrom(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
