import { tokenClasses, tokenCode } from '../tokens/token-class.ts';
import type { PatternNode } from './parse-pattern.ts';
import { Positions } from './positions.ts';

const width = tokenClasses.length;
const ACCEPTING = 1;
const DEAD = 2;

/**
 * Finds all patterns at once in one pass: a deterministic automaton, one table look-up per token whatever the number
 * of patterns. Cells of the table are made when they are first needed, so it starts at once; the number of states is
 * bounded, and when the bound is reached the table is begun anew (the answers do not change, only the speed).
 */
export class TokenAutomaton {
  private readonly positions = new Positions();
  private readonly stateLimit: number;
  /** Positions where a pattern may begin, by token class. */
  private readonly begin: readonly (readonly number[])[];
  /** Every pattern begins at the beginning of the value: then reading may end early. */
  readonly anchored: boolean;
  private readonly mark: Uint8Array;
  private numbers = new Map<string, number>();
  private sets: (readonly number[])[] = [];
  private accepts: (readonly number[])[] = [];
  /** ACCEPTING where `accepts` is not empty, DEAD where nothing can match any more. */
  private complete = new Uint8Array(0);
  private table = new Int32Array(0);
  /** Cells made so far: the work that depends on the patterns and not on the length of the input. */
  cellsMade = 0;

  /** @param stateLimit how many states are kept, at four bytes per state and token class */
  constructor(patterns: readonly PatternNode[], stateLimit = 16_384) {
    this.stateLimit = stateLimit;
    for (const [number, pattern] of patterns.entries()) this.positions.add(pattern, number);
    const { classes, first } = this.positions;
    this.mark = new Uint8Array(classes.length);
    this.begin = tokenClasses.map((_, code) => first.filter((position) => classes[position]![code] === 1));
    this.anchored = this.begin.every((positions, code) => code === tokenCode.START || positions.length === 0);
    this.clear();
  }

  /** State before the first token. */
  readonly start = 0;

  get states(): number {
    return this.sets.length;
  }

  /**
   * Reads tokens.
   * @param state from `start` or the last call
   * @param found called for each state with complete patterns; returning true ends the reading
   * @returns the state after the last token, -1 when `found` ended it or nothing can match any more
   */
  run(
    state: number,
    tokens: Uint8Array,
    count: number,
    found: (numbers: readonly number[]) => boolean,
  ): number {
    let current = state;
    let { table, complete } = this;
    for (let at = 0; at < count; at += 1) {
      const code = tokens[at]!;
      const next = table[current * width + code]!;
      if (next >= 0) current = next;
      else {
        current = this.makeCell(current, code);
        ({ table, complete } = this);
      }
      if (complete[current] !== 0 && (complete[current] === DEAD || found(this.accepts[current]!))) return -1;
    }
    return current;
  }

  private clear(): void {
    this.numbers = new Map();
    this.sets = [];
    this.accepts = [];
    this.table = new Int32Array(64 * width).fill(-1);
    this.complete = new Uint8Array(64);
    this.intern([]);
  }

  private intern(set: readonly number[]): number {
    const key = String.fromCharCode(...set);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const state = this.sets.length;
    this.numbers.set(key, state);
    this.sets.push(set);
    const accepted = new Set<number>();
    for (const position of set) for (const number of this.positions.accepts[position]!) accepted.add(number);
    this.accepts.push([...accepted]);
    if ((state + 1) * width > this.table.length) {
      const table = new Int32Array(this.table.length * 2).fill(-1);
      table.set(this.table);
      this.table = table;
      const complete = new Uint8Array(this.complete.length * 2);
      complete.set(this.complete);
      this.complete = complete;
    }
    this.complete[state] = accepted.size > 0 ? ACCEPTING : state === 0 && this.anchored ? DEAD : 0;
    return state;
  }

  private makeCell(state: number, code: number): number {
    this.cellsMade += 1;
    const { classes, follow } = this.positions;
    const target = [...this.begin[code]!];
    for (const position of target) this.mark[position] = 1;
    for (const position of this.sets[state]!) {
      for (const next of follow[position]!) {
        if (this.mark[next] === 1 || classes[next]![code] !== 1) continue;
        this.mark[next] = 1;
        target.push(next);
      }
    }
    for (const position of target) this.mark[position] = 0;
    target.sort((a, b) => a - b);
    if (this.sets.length >= this.stateLimit) {
      this.clear();
      return this.intern(target);
    }
    const made = this.intern(target);
    this.table[state * width + code] = made;
    return made;
  }
}
