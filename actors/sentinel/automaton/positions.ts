import type { PatternNode } from './parse-pattern.ts';

/**
 * All patterns as one non-deterministic automaton without empty steps (Glushkov, 1961): one position for each place
 * in a pattern where a token is read, with the positions that may follow it.
 */
export class Positions {
  /** Token classes that may be read at a position. */
  readonly classes: Uint8Array[] = [];
  readonly follow: number[][] = [];
  /** Where each pattern may begin. */
  readonly first: number[] = [];
  /** Numbers of the patterns that are complete once a position was read. */
  readonly accepts: number[][] = [];

  /** Adds a pattern under a number. A pattern that matches nothing at all is refused, it would always match. */
  add(pattern: PatternNode, number: number): void {
    const shape = this.build(pattern);
    if (shape.empty) throw new Error(`pattern ${number} matches the empty value`);
    this.first.push(...shape.first);
    for (const position of shape.last) this.accepts[position]!.push(number);
  }

  private build(node: PatternNode): Shape {
    if (node.kind === 'set') {
      const position = this.classes.push(node.classes) - 1;
      this.follow.push([]);
      this.accepts.push([]);
      return { first: [position], last: [position], empty: false };
    }
    if (node.kind === 'choice') {
      const shapes = node.parts.map((part) => this.build(part));
      return {
        first: shapes.flatMap((shape) => shape.first),
        last: shapes.flatMap((shape) => shape.last),
        empty: shapes.some((shape) => shape.empty),
      };
    }
    if (node.kind === 'sequence') {
      let whole: Shape = { first: [], last: [], empty: true };
      for (const part of node.parts) whole = this.chain(whole, this.build(part));
      return whole;
    }
    let whole: Shape = { first: [], last: [], empty: true };
    const copies = node.to === Number.POSITIVE_INFINITY ? Math.max(node.from, 1) : node.to;
    for (let copy = 0; copy < copies; copy += 1) {
      const shape = this.build(node.part);
      if (node.to === Number.POSITIVE_INFINITY && copy === copies - 1) this.connect(shape.last, shape.first);
      whole = this.chain(whole, copy >= node.from ? { ...shape, empty: true } : shape);
    }
    return whole;
  }

  private chain(left: Shape, right: Shape): Shape {
    this.connect(left.last, right.first);
    return {
      first: left.empty ? [...left.first, ...right.first] : left.first,
      last: right.empty ? [...left.last, ...right.last] : right.last,
      empty: left.empty && right.empty,
    };
  }

  private connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) {
      const follow = this.follow[position]!;
      for (const next of to) if (!follow.includes(next)) follow.push(next);
    }
  }
}

interface Shape {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}
