import type { ReadNode } from '../../../plan/read-plan.ts';

/**
 * `Warning` (RFC 7234 §5.5) for requests that use the name of an embedded relation which they gave an alias; undefined
 * for those that do not.
 */
export function legacyNameWarning(read: ReadNode): string | undefined {
  const renamed = renamedIn(read);
  if (renamed.length === 0) return undefined;
  const pairs = renamed.map(([name, alias]) => `\`${name}\` to \`${alias}\``).join(', ');
  const text =
    'Embedded resource was referenced by relation name even though it has an alias. ' +
    'This is deprecated and will stop working in a future release. ' +
    `Update ${pairs} in query string filters, orders or limits.`;
  return `299 MagFlock "${text.replace(/["\\]/g, '\\$&')}"`;
}

function renamedIn(node: ReadNode): readonly (readonly [name: string, alias: string])[] {
  const own = node.legacyTargetName && node.alias !== undefined ? [[node.name, node.alias] as const] : [];
  return [...own, ...node.children.flatMap(renamedIn)];
}
