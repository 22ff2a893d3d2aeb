import { normalise } from '../normalise/normalise.ts';
import { HAS_ENCODING, HAS_SLASH, UnitBuffer } from '../normalise/unit-buffer.ts';
import { hasOtherViews, otherViews } from '../normalise/views.ts';
import { tokenCode as T } from '../tokens/token-class.ts';
import { TokenScanner } from '../tokens/token-scanner.ts';
import { canonicalCharacters } from './canonical-characters.ts';
import { canonicalTokens } from './canonical-tokens.ts';
import { chooseTokenWindows, type TokenWindow } from './choose-token-windows.ts';
import { collapseRuns } from './collapse-runs.ts';
import { emptyComments } from './empty-comments.ts';
import type { Features } from './features.ts';
import { GramSet } from './gram-set.ts';
import { nameBuckets } from './name-buckets.ts';
import { skipRepeats } from './skip-repeats.ts';
import { windowStatistics } from './window-statistics.ts';

const rounds = 3;
/** Of a longer text both ends of this size are read; the body limit of the gateway is below. */
const longestText = 1 << 20;
/** Other views are only made of a text up to this length; of a longer one, of both ends. */
const longestView = 8192;
/** More is not kept for the next value. */
const keptTokens = 1 << 14;
const CUT_OUT = 29;
const ENCODED = 28;

/** A window and what its buckets are called. */
export interface NamedWindow {
  readonly features: Features;
  readonly names: ReadonlyMap<number, string>;
}

/** Reads values. Holds scratch memory: one per thread, not reentrant. */
export class ValueReader {
  private readonly buffer = new UnitBuffer();
  private readonly scanner = new TokenScanner();
  private readonly grams = new GramSet();
  private named: NamedWindow[] | undefined;
  private tokens = new Uint8Array(1024);
  private starts = new Int32Array(1024);
  private ends = new Int32Array(1024);
  private window = new Uint8Array(1024);
  private characters = new Uint16Array(1024);

  /** @param text a value as it was received */
  extract(text: string): Features[] {
    this.named = undefined;
    return this.readAll(text);
  }

  /**
   * The same, with what each bucket was made of.
   * @param text a value as it was received
   */
  name(text: string): NamedWindow[] {
    const named: NamedWindow[] = [];
    this.named = named;
    this.readAll(text);
    this.named = undefined;
    return named;
  }

  private readAll(text: string): Features[] {
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
    const slashed = (buffer.signs & HAS_SLASH) !== 0 ? this.bothEnds() : '';
    const nested = this.shorten(false);
    const views = hasOtherViews(buffer) ? this.views() : [];
    this.read(out, shortened);
    if (nested) {
      buffer.load(slashed);
      this.shorten(true);
      this.read(out, shortened);
    }
    for (const view of views) {
      buffer.load(view);
      this.shorten(false);
      this.read(out, shortened);
    }
    return out;
  }

  /** @returns whether there are comments in comments */
  private shorten(nested: boolean): boolean {
    const { buffer } = this;
    const found = (buffer.signs & HAS_SLASH) !== 0 && emptyComments(buffer, nested);
    collapseRuns(buffer);
    skipRepeats(buffer);
    return found;
  }

  private bothEnds(): string {
    const { buffer } = this;
    const { length } = buffer;
    if (length <= 2 * longestView) return buffer.toString();
    return `${buffer.slice(0, longestView)}\n${buffer.slice(length - longestView, length)}`;
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
    const count = this.scan();
    for (const window of chooseTokenWindows(this.tokens, this.ends, count, buffer.length)) {
      out.push(this.readWindow(window, count, encoded));
    }
  }

  private readWindow({ first, last }: TokenWindow, count: number, encoded: boolean): Features {
    const { buffer, grams, tokens, window, characters } = this;
    const begins = first === 0;
    const ends = last === count;
    const from = begins ? 0 : this.starts[first]!;
    const to = ends ? buffer.length : this.ends[last - 1]!;
    // A window looks like a value of its own: it begins and ends as one.
    let size = 0;
    if (!begins) window[size++] = T.START;
    for (let at = first; at < last; at += 1) window[size++] = tokens[at]!;
    if (!ends) window[size++] = T.END;
    const length = canonicalCharacters(buffer.units, from, to, characters);
    grams.clear();
    grams.addTokens(window, size, 0);
    grams.addTrigrams(characters, 0, length, true, true);
    const statistics = windowStatistics(characters, 0, length, window, size);
    statistics[ENCODED] = encoded ? 1 : 0;
    statistics[CUT_OUT] = begins && ends ? 0 : begins ? 0.3 : 1;
    const indices = grams.toIndices();
    const features = { indices, scale: 1 / Math.sqrt(indices.length + 1), statistics };
    this.named?.push({ features, names: nameBuckets(window, size, characters, length) });
    return features;
  }

  /** Tokens of the whole text, folded, with where they stand. */
  private scan(): number {
    const { buffer } = this;
    this.reserve(buffer.length + 8);
    const { tokens, starts, ends } = this;
    this.scanner.reset(buffer.units, buffer.length, true);
    const count = this.scanner.fill(tokens, ends);
    ends[0] = 0;
    starts[0] = 0;
    ends[count - 1] = buffer.length;
    for (let at = 1; at < count; at += 1) starts[at] = startOf(buffer.units, ends[at - 1]!, ends[at]!);
    return canonicalTokens(tokens, starts, ends, count);
  }

  private reserve(size: number): void {
    if (size <= this.tokens.length && (this.tokens.length <= keptTokens || size > keptTokens / 2)) return;
    const length = Math.max(1024, size + (size >> 1));
    this.tokens = new Uint8Array(length);
    this.starts = new Int32Array(length);
    this.ends = new Int32Array(length);
    this.window = new Uint8Array(length);
    this.characters = new Uint16Array(length);
  }
}

/** A token begins behind the blanks that stand before it. */
function startOf(units: Uint16Array, from: number, to: number): number {
  let at = from;
  while (at < to && units[at]! <= 32) at += 1;
  return at;
}
