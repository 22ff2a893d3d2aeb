import { type PatternNode, parsePattern } from '../automaton/parse-pattern.ts';
import { TokenAutomaton } from '../automaton/token-automaton.ts';
import type { UnitBuffer } from '../normalise/unit-buffer.ts';
import { TokenScanner } from '../tokens/token-scanner.ts';
import type { Signature } from './signature.ts';
import { vocabulary } from './vocabulary.ts';

/** The worst signature found in one reading of a value. */
export interface Match {
  /** 0 when nothing matched. */
  readonly score: number;
  readonly signature: Signature | undefined;
}

const nothing: Match = { score: 0, signature: undefined };

/** Which of its two scores a signature counts with. */
export type ScoreOf = 'score' | 'body';

/** Signatures compiled into one automaton. Holds scratch memory: one per thread, not reentrant. */
export class SignatureSet {
  readonly signatures: readonly Signature[];
  private readonly scoreOf: ScoreOf;
  private readonly automaton: TokenAutomaton;
  private readonly scanner = new TokenScanner();
  private readonly tokens = new Uint8Array(4096);
  /** Tokens read so far, for tests that time must not decide. */
  tokensRead = 0;
  /** Whether the last value was read to its end: no signature was enough, and one could still have matched. */
  readToEnd = false;

  /** Whether all of them only look at the beginning of a value. */
  get anchored(): boolean {
    return this.automaton.anchored;
  }

  /**
   * @param scoreOf `score` for parameters, paths and headers, `body` for strings of a body; those with 0 are left out
   * @throws Error when a pattern cannot be read
   */
  constructor(signatures: readonly Signature[], scoreOf: ScoreOf) {
    this.signatures = signatures.filter((signature) => signature[scoreOf] > 0);
    this.scoreOf = scoreOf;
    const named = new Map<string, PatternNode>();
    for (const [name, pattern] of vocabulary) named.set(name, parsePattern(pattern, named));
    this.automaton = new TokenAutomaton(this.signatures.map(({ pattern }) => parsePattern(pattern, named)));
  }

  /** Work done once per shape of input and not per token; see `TokenAutomaton`. */
  get cellsMade(): number {
    return this.automaton.cellsMade;
  }

  get states(): number {
    return this.automaton.states;
  }

  /**
   * Reads a value once, from its beginning to the first signature that reaches `enough`.
   * @param whole false when the value is only the beginning of one
   */
  match(value: UnitBuffer, enough: number, whole = true): Match {
    const { scoreOf } = this;
    this.readToEnd = false;
    let best = nothing;
    const found = (numbers: readonly number[]): boolean => {
      for (const number of numbers) {
        const signature = this.signatures[number]!;
        if (signature[scoreOf] > best.score) best = { score: signature[scoreOf], signature };
      }
      return best.score >= enough;
    };
    this.scanner.reset(value.units, value.length, whole);
    let state = this.automaton.start;
    for (;;) {
      const count = this.scanner.fill(this.tokens);
      if (count === 0) {
        this.readToEnd = true;
        return best;
      }
      this.tokensRead += count;
      state = this.automaton.run(state, this.tokens, count, found);
      if (state < 0) return best;
    }
  }
}
