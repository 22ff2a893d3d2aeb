/** Longer inputs are no typing slip, and the comparison is quadratic. */
const longestWord = 64;

/**
 * The name a caller most likely meant, or undefined when none is near. The threshold shrinks for short words:
 * one slip in up to four letters, two in up to eight, three beyond, and never half of the word or more.
 * @param word what was asked for
 * @param names what exists
 */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  const asked = word.toLowerCase();
  let best: string | undefined;
  let fewest = (asked.length <= 4 ? 1 : asked.length <= 8 ? 2 : 3) + 1;
  for (const name of names) {
    const slips = distance(asked, name.toLowerCase(), fewest);
    if (slips < fewest && slips * 2 < Math.max(asked.length, name.length)) {
      fewest = slips;
      best = name;
    }
  }
  return best;
}

/** Damerau-Levenshtein, optimal string alignment: a swap of neighbours is one slip. Gives up at `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= b.length; column += 1) {
      const changed = a[row - 1] === b[column - 1] ? 0 : 1;
      let slips = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + changed);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        slips = Math.min(slips, beforeLast[column - 2]! + 1);
      }
      current.push(slips);
      smallest = Math.min(smallest, slips);
    }
    if (smallest >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}
