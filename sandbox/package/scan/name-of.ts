import type { AnyNode } from 'acorn';

/** A chain can have a million parts, and each of them is asked for its name. */
const maxParts = 8;

/**
 * The dotted name of an expression: `context.db.read.query`, also for `context["db"]?.read`. A part that is not
 * known before the code runs is `?`, and of a long chain only the end is told.
 */
export function nameOf(node: AnyNode | null | undefined): string {
  const parts: string[] = [];
  let at: AnyNode | null | undefined = node;
  while (at !== null && at !== undefined && parts.length < maxParts) {
    if (at.type === 'ChainExpression' || at.type === 'ParenthesizedExpression') {
      at = at.expression;
      continue;
    }
    if (at.type !== 'MemberExpression') {
      parts.unshift(at.type === 'Identifier' ? at.name : at.type === 'ThisExpression' ? 'this' : '?');
      break;
    }
    parts.unshift(keyOf(at.property, at.computed));
    at = at.object;
  }
  return parts.join('.');
}

function keyOf(node: AnyNode, computed: boolean): string {
  if (node.type === 'Identifier' && !computed) return node.name;
  if (node.type === 'Literal') return String(node.value);
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? '?';
  return '?';
}
