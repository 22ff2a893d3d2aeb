import { UnitBuffer } from '../normalise/unit-buffer.ts';
import { tokenCode as T } from '../tokens/token-class.ts';
import { TokenScanner } from '../tokens/token-scanner.ts';
import { chooseWindows, type Window } from './choose-windows.ts';
import { collapseRuns } from './collapse-runs.ts';
import { statistics as shared } from './feature-layout.ts';
import type { Features } from './features.ts';
import { flattenStatement } from './flatten-statement.ts';
import { GramSet } from './gram-set.ts';
import { statementFacts } from './statement-fact-names.ts';
import { FactCounter } from './statement-facts.ts';
import { lexStatement } from './statement-lexer.ts';
import { windowStatistics } from './window-statistics.ts';

const windowSize = 768;
const mostWindows = 8;
/** Of a longer text both ends of this size are read: the parser of PostgreSQL that judges beside is asked no more. */
const longestEnd = 32_768;
const mostTokens = 1024;
const mostOfFact = 1.5;

/** Reads whole statements. Holds scratch memory: one per thread, not reentrant. */
export class StatementReader {
  private readonly buffer = new UnitBuffer();
  private readonly scanner = new TokenScanner();
  private readonly tokens = new Uint8Array(mostTokens);
  private readonly grams = new GramSet();
  private readonly facts = new FactCounter();

  /** @param text a statement as it was received; it is not decoded: nobody between its author and the database does so */
  extract(text: string): Features[] {
    const { buffer } = this;
    buffer.load(
      text.length <= 2 * longestEnd ? text : `${text.slice(0, longestEnd)}\n${text.slice(-longestEnd)}`,
    );
    collapseRuns(buffer);
    const source = buffer.toString();
    const out: Features[] = [];
    for (const reading of lexStatement(source)) {
      const facts = this.facts
        .count(source, reading)
        .map((count) => Math.min(mostOfFact, Math.log2(1 + count)));
      buffer.load(flattenStatement(source, reading));
      for (const window of chooseWindows(buffer.units, buffer.length, windowSize, mostWindows)) {
        out.push(this.readWindow(window, facts));
      }
    }
    return out;
  }

  private readWindow({ from, to }: Window, facts: Float32Array): Features {
    const { buffer, grams, tokens } = this;
    const { units, length } = buffer;
    const begins = from === 0;
    const ends = to === length;
    grams.clear();
    const count = this.scan(units, from, to, begins, ends);
    grams.addTokens(tokens, count, 0);
    grams.addTrigrams(units, from, to, begins, ends);
    const statistics = new Float32Array(shared.length + statementFacts.length);
    statistics.set(windowStatistics(units, from, to, tokens, count));
    statistics[29] = begins && ends ? 0 : 1;
    // Every window is told the facts of the whole statement.
    statistics.set(facts, shared.length);
    const indices = grams.toIndices();
    return { indices, scale: 1 / Math.sqrt(indices.length + 1), statistics };
  }

  /** Tokens of a part of a text, the kind of quote kept and its parity dropped. */
  private scan(units: Uint16Array, from: number, to: number, begins: boolean, ends: boolean): number {
    const { tokens } = this;
    this.scanner.reset(from === 0 ? units : units.subarray(from), to - from, ends);
    const filled = this.scanner.fill(tokens);
    let count = 0;
    for (let at = begins ? 0 : 1; at < filled; at += 1) {
      const code = tokens[at]!;
      tokens[count] = code === T.SQ2 ? T.SQ1 : code === T.DQ2 ? T.DQ1 : code === T.BQ2 ? T.BQ1 : code;
      count += 1;
    }
    return count;
  }
}
