const gramSizes = [3, 2] as const;
/** Only the names nearest by their grams are compared letter by letter. */
const mostCompared = 50;

interface GramIndex {
  /** Per gram: positions of the names that have it, and how often. */
  readonly names: ReadonlyMap<string, readonly (readonly [position: number, count: number])[]>;
  /** Lengths of the names' gram vectors. */
  readonly magnitudes: readonly number[];
}

/**
 * A set of names to find the nearest in. Scores as the package `fuzzyset` 0.2.4 does (Haskell, BSD-3-Clause; its method
 * is that of the Python and JavaScript packages of the name): candidates by cosine similarity of their 3-grams, or
 * 2-grams when those give nothing, then ordered by Levenshtein distance over the longer length. PostgREST's hints come
 * from it.
 */
export class FuzzyNames {
  readonly #exact = new Map<string, string>();
  readonly #keys: string[] = [];
  readonly #indices: readonly { readonly size: number; readonly index: GramIndex }[];

  constructor(names: readonly string[]) {
    for (const name of names.toReversed()) {
      const key = name.toLowerCase();
      if (this.#exact.has(key)) continue;
      this.#exact.set(key, name);
      this.#keys.push(key);
    }
    this.#indices = gramSizes.map((size) => ({ size, index: buildIndex(this.#keys, size) }));
  }

  /** Names with at least this score, nearest first; only the name itself when it is in the set. */
  find(word: string, minScore: number): readonly { readonly score: number; readonly name: string }[] {
    const key = word.toLowerCase();
    const exact = this.#exact.get(key);
    if (exact !== undefined) return [{ score: 1, name: exact }];
    for (const { size, index } of this.#indices) {
      const found = this.#ranked(key, size, index)
        .map((near) => ({ score: similarity(key, near, minScore), name: this.#exact.get(near)! }))
        .filter(({ score }) => score >= minScore)
        .sort((a, b) => b.score - a.score);
      if (found.length > 0) return found;
    }
    return [];
  }

  #ranked(key: string, size: number, index: GramIndex): readonly string[] {
    const products = new Map<number, number>();
    for (const [gram, count] of gramVector(key, size)) {
      for (const [position, there] of index.names.get(gram) ?? []) {
        products.set(position, (products.get(position) ?? 0) + count * there);
      }
    }
    return [...products]
      .map(([position, product]) => ({ position, score: product / index.magnitudes[position]! }))
      .sort((a, b) => b.score - a.score || a.position - b.position)
      .slice(0, mostCompared)
      .map(({ position }) => this.#keys[position]!);
  }
}

function buildIndex(keys: readonly string[], size: number): GramIndex {
  const names = new Map<string, [number, number][]>();
  const magnitudes = keys.map((key, position) => {
    let sum = 0;
    for (const [gram, count] of gramVector(key, size)) {
      sum += count * count;
      const those = names.get(gram);
      if (those === undefined) names.set(gram, [[position, count]]);
      else those.push([position, count]);
    }
    return Math.sqrt(sum);
  });
  return { names, magnitudes };
}

/** How often each run of `size` characters occurs in the letters, digits, spaces and commas of a name. */
function gramVector(key: string, size: number): ReadonlyMap<string, number> {
  const characters = [...`-${key.replace(/[^\p{L}\p{N}\s,]/gu, '')}-`];
  const vector = new Map<string, number>();
  for (let start = 0; start + size <= characters.length; start += 1) {
    const gram = characters.slice(start, start + size).join('');
    vector.set(gram, (vector.get(gram) ?? 0) + 1);
  }
  return vector;
}

/** 1 less the Levenshtein distance over the longer length; 0 without comparing when it cannot reach `minScore`. */
function similarity(a: string, b: string, minScore: number): number {
  const from = [...a];
  const to = [...b];
  const longer = Math.max(from.length, to.length);
  if (longer === 0) return 1;
  if (Math.min(from.length, to.length) / longer < minScore) return 0;
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    for (let column = 0; column < to.length; column += 1) {
      const changed = last[column]! + (letter === to[column] ? 0 : 1);
      current.push(Math.min(changed, last[column + 1]! + 1, current[column]! + 1));
    }
    last = current;
  }
  return 1 - last[to.length]! / longer;
}
