import { normalise } from '../normalise/normalise.ts';
import { HAS_ENCODING, UnitBuffer } from '../normalise/unit-buffer.ts';
import { hasOtherViews, otherViews } from '../normalise/views.ts';
import { tokenCode as T } from '../tokens/token-class.ts';
import { TokenScanner } from '../tokens/token-scanner.ts';
import { chooseWindows, type Window } from './choose-windows.ts';
import { collapseRuns } from './collapse-runs.ts';
import type { Features } from './features.ts';
import { GramSet } from './gram-set.ts';
import { windowStatistics } from './window-statistics.ts';

const rounds = 3;
const windowSize = 384;
const mostWindows = 8;
/** Of a longer text both ends of this size are read; the body limit of the gateway is below. */
const longestText = 1 << 20;
/** Other views are only made of a text up to this length; of a longer one, of both ends. */
const longestView = 8192;
const mostTokens = 1024;

/** Reads values. Holds scratch memory: one per thread, not reentrant. */
export class ValueReader {
  private readonly buffer = new UnitBuffer();
  private readonly scanner = new TokenScanner();
  private readonly tokens = new Uint8Array(mostTokens);
  private readonly grams = new GramSet();

  /** @param text a value as it was received */
  extract(text: string): Features[] {
    const { buffer } = this;
    const out: Features[] = [];
    buffer.load(
      text.length <= longestText
        ? text
        : `${text.slice(0, longestText / 2)}\n${text.slice(-longestText / 2)}`,
    );
    const encoded = (buffer.signs & HAS_ENCODING) !== 0;
    const before = buffer.length;
    normalise(buffer, rounds);
    const shortened = encoded && buffer.length < before;
    collapseRuns(buffer);
    const views = hasOtherViews(buffer) ? this.views() : [];
    this.read(out, shortened);
    for (const view of views) {
      buffer.load(view);
      collapseRuns(buffer);
      this.read(out, shortened);
    }
    return out;
  }

  private views(): readonly string[] {
    const { buffer } = this;
    const { length } = buffer;
    if (length <= 2 * longestView) return otherViews(buffer.toString());
    return [
      ...otherViews(buffer.slice(0, longestView)),
      ...otherViews(buffer.slice(length - longestView, length)),
    ];
  }

  private read(out: Features[], encoded: boolean): void {
    const { buffer } = this;
    for (const window of chooseWindows(buffer.units, buffer.length, windowSize, mostWindows)) {
      out.push(this.readWindow(window, encoded));
    }
  }

  private readWindow({ from, to }: Window, encoded: boolean): Features {
    const { buffer, grams, tokens } = this;
    const { units, length } = buffer;
    const begins = from === 0;
    const ends = to === length;
    grams.clear();
    const count = this.scan(units, from, to, begins, ends);
    grams.addTokens(tokens, count, 0);
    grams.addTrigrams(units, from, to, begins, ends);
    const statistics = windowStatistics(units, from, to, tokens, count);
    statistics[28] = encoded ? 1 : 0;
    statistics[29] = begins ? 0 : 1;
    const indices = grams.toIndices();
    return { indices, scale: 1 / Math.sqrt(indices.length + 1), statistics };
  }

  /** Tokens of a part of a text, the kind of quote kept and its parity dropped. */
  private scan(units: Uint16Array, from: number, to: number, begins: boolean, ends: boolean): number {
    const { tokens } = this;
    const part = from === 0 ? units : units.subarray(from);
    const length = to - from;
    this.scanner.reset(part, length, ends);
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
