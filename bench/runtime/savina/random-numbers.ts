/** The same numbers for each contender and run: xorshift, 32 bits. @returns a function that gives 0 to `below` - 1 */
export function randomNumbers(seed = 2_463_534_242): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
