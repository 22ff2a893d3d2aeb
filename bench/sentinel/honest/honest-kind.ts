/** One kind of honest text and where it is at hand. */
export interface HonestKind {
  readonly name: string;
  /** At most so many values are taken of it, so that no kind outweighs the others. */
  readonly most: number;
  /** Values, the same in the same order each time; nothing where the machine has none. */
  readonly values: () => Iterable<string>;
}
