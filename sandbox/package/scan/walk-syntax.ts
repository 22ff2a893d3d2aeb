import type { AnyNode } from 'acorn';

/** With a loop and not by recursion: hostile code is nested as deep as the parser lets it. */
export function* walkSyntax(root: AnyNode): Generator<AnyNode> {
  const open: AnyNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    const below: AnyNode[] = [];
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) below.push(...value.filter(isNode));
      else if (isNode(value)) below.push(value);
    }
    for (const one of below.reverse()) open.push(one);
  }
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}
