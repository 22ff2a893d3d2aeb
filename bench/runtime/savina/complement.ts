/** Colours of chameneos: 0 blue, 1 red, 2 yellow. Equal ones stay, two different ones become the third. */
export function complement(mine: number, other: number): number {
  return mine === other ? mine : 3 - mine - other;
}
