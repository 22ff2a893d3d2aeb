/** A node of a tree of embedded relations. */
interface Node {
  readonly children: readonly Node[];
}

/** Levels of embedding below the first table. */
export function embedDepth({ children }: Node): number {
  return children.reduce((depth, child) => Math.max(depth, 1 + embedDepth(child)), 0);
}
