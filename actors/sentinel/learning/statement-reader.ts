import { normalise } from '../normalise/normalise.ts';
import { UnitBuffer } from '../normalise/unit-buffer.ts';
import { tokenCode as T } from '../tokens/token-class.ts';
import { TokenScanner } from '../tokens/token-scanner.ts';
import { chooseWindows, type Window } from './choose-windows.ts';
import { collapseRuns } from './collapse-runs.ts';
import type { Features } from './features.ts';
import { flattenStatement } from './flatten-statement.ts';
import { GramSet } from './gram-set.ts';
import { windowStatistics } from './window-statistics.ts';

const windowSize = 1024;
const mostWindows = 8;
/** Of a longer text both ends of this size are read; the body limit of the gateway is below. */
const longestText = 1 << 20;
const mostTokens = 1024;
const flatSalt = 0x5bd1_e995;

/** Reads whole statements. Holds scratch memory: one per thread, not reentrant. */
export class StatementReader {
  private readonly buffer = new UnitBuffer();
  private readonly flat = new UnitBuffer();
  private readonly scanner = new TokenScanner();
  private readonly tokens = new Uint8Array(mostTokens);
  private readonly grams = new GramSet();

  /** @param text a statement as it was received */
  extract(text: string): Features[] {
    const { buffer } = this;
    buffer.load(
      text.length <= longestText
        ? text
        : `${text.slice(0, longestText / 2)}\n${text.slice(-longestText / 2)}`,
    );
    // A statement is not decoded: nobody between its author and the database does so.
    normalise(buffer, 0);
    collapseRuns(buffer);
    return chooseWindows(buffer.units, buffer.length, windowSize, mostWindows).map((window) =>
      this.readWindow(window),
    );
  }

  private readWindow({ from, to }: Window): Features {
    const { buffer, grams, tokens } = this;
    const { units, length } = buffer;
    const begins = from === 0;
    const ends = to === length;
    grams.clear();
    const count = this.scan(units, from, to, begins, ends);
    grams.addTokens(tokens, count, 0);
    grams.addTrigrams(units, from, to, begins, ends);
    const statistics = windowStatistics(units, from, to, tokens, count);
    statistics[29] = begins ? 0 : 1;
    this.readFlat(buffer.slice(from, to), begins, ends, statistics);
    const indices = grams.toIndices();
    return { indices, scale: 1 / Math.sqrt(indices.length + 1), statistics };
  }

  private readFlat(text: string, begins: boolean, ends: boolean, statistics: Float32Array): void {
    const flat = flattenStatement(text);
    this.flat.load(flat.text);
    const count = this.scan(this.flat.units, 0, this.flat.length, begins, ends);
    this.grams.addTokens(this.tokens, count, flatSalt);
    statistics[32] = flat.stringOpen ? 1 : 0;
    statistics[33] = flat.commentOpen ? 1 : 0;
    statistics[34] = flat.trailingComment ? 1 : 0;
    statistics[35] = flat.quoteInComment ? 1 : 0;
    statistics[36] = flat.keywordInComment ? 1 : 0;
    statistics[37] = Math.min(1, flat.further / 2);
    statistics[38] = Math.min(1, flat.constants / 2);
    statistics[39] = Math.min(1, flat.unions / 2);
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
