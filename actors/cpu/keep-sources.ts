import type { JsonText } from '../../runtime/protocol/json-text.ts';

/**
 * A document that went through an extension, with the source texts of what came back unchanged: an extension sees
 * JavaScript numbers, and 9007199254740993 must not come back as 9007199254740992.
 */
export function keepSources(changed: JsonText, original: JsonText | undefined): JsonText {
  if (original === undefined) return changed;
  if (changed.kind === 'array' && original.kind === 'array') {
    return { ...changed, items: changed.items.map((item, index) => ofRow(item, original.items[index])) };
  }
  return ofRow(changed, original);
}

function ofRow(changed: JsonText, original: JsonText | undefined): JsonText {
  if (changed.kind !== 'object' || original?.kind !== 'object') return changed;
  const entries = new Map<string, JsonText>();
  for (const [name, value] of changed.entries) {
    const before = original.entries.get(name);
    entries.set(name, before !== undefined && alike(value, before) ? before : value);
  }
  return { ...changed, entries };
}

/** Whether JavaScript cannot tell the two apart. */
function alike(changed: JsonText, original: JsonText): boolean {
  return JSON.stringify(JSON.parse(changed.source)) === JSON.stringify(JSON.parse(original.source));
}
