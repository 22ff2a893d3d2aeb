/** Points of each member on the ring: more spread the keys more evenly, and cost memory. */
const points = 128;

/**
 * A consistent hash: a key belongs to the member whose point follows its own. When a member comes or goes only the
 * keys between its points change hands (D. Karger et al., 1997).
 */
export class HashRing<T> {
  #hashes: Uint32Array = new Uint32Array(0);
  #members: T[] = [];

  /** @param members each with the name that decides where its points are */
  constructor(members: readonly (readonly [name: string, member: T])[]) {
    const ring = members
      .flatMap(([name, member]) =>
        Array.from({ length: points }, (_, point) => ({ hash: hashOf(`${name} ${point}`), member })),
      )
      .sort((a, b) => a.hash - b.hash);
    this.#hashes = Uint32Array.from(ring, ({ hash }) => hash);
    this.#members = ring.map(({ member }) => member);
  }

  /** Undefined when there is no member. */
  at(key: string): T | undefined {
    const hash = hashOf(key);
    let low = 0;
    let high = this.#hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] as number) < hash) low = middle + 1;
      else high = middle;
    }
    return this.#members[low] ?? this.#members[0];
  }
}

/** FNV-1a, mixed once more (the finish of MurmurHash3): names that differ in one digit must lie far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
