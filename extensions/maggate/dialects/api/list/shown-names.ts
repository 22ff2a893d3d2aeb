import { malformed } from '../../../parse/malformed.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';

/**
 * What the rows of a planned tree show, in order.
 * @throws MF405 for two of one name
 */
export function shownNames(root: ReadNode): readonly string[] {
  const names = root.select.map(({ field, alias }) => alias ?? field.name);
  for (const relation of root.relationSelect) {
    if (relation.kind === 'spread') names.push(...relation.columns.map(({ alias, name }) => alias ?? name));
    else if (!relation.empty) names.push(relation.name);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw malformed(
      'fields',
      `Two fields are shown as "${twice}".`,
      `Show one by another name: ${twice}:other.`,
    );
  }
  return names;
}
