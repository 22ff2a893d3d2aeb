/**
 * Text of `magflock.extension.d.json.ts`: the manifest with literal types. TypeScript reads it in place of the JSON
 * file (`allowArbitraryExtensions`), so that the context of the handlers has what the manifest asks for.
 * @param manifest as read from JSON
 */
export function manifestTypes(manifest: unknown): string {
  return [
    '// Made from magflock.extension.json by `magflock ext`. Do not edit: change the manifest.',
    `declare const manifest: ${literalType(manifest, '')};`,
    // To TypeScript a JSON module is CommonJS: its default import is all of it.
    'export = manifest;',
    '',
  ].join('\n');
}

function literalType(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'readonly []';
    const items = value.map((item) => `${inner}${literalType(item, inner)},`);
    return ['readonly [', ...items, `${indent}]`].join('\n');
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => `${inner}readonly ${JSON.stringify(name)}: ${literalType(field, inner)};`,
    );
    return fields.length === 0 ? '{}' : ['{', ...fields, `${indent}}`].join('\n');
  }
  return JSON.stringify(value);
}
