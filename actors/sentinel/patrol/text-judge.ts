import type { ModelVersion, PatrolModel, PatrolScore } from '../../../runtime/protocol/patrol.protocol.ts';
import { explain } from '../learning/explain.ts';
import type { Features } from '../learning/features.ts';
import { encodeFeatures } from './encode-features.ts';
import { explainWindow } from './explain-window.ts';
import { extractorOf } from './extractor-of.ts';
import { LoadedVersion } from './loaded-version.ts';

/** So that a run stays short and somebody who cancels is heard: windows, and buckets of all windows (padding too). */
const mostWindows = 64;
const mostCells = 8_192;

/** The worst window of a text. */
interface Worst {
  score: number;
  shadow: number;
  window: Features | undefined;
}

/** From texts to scores: what the workers run, and what scores without a daemon. */
export class TextJudge {
  readonly #active: LoadedVersion;
  readonly #shadow: LoadedVersion | undefined;

  constructor(active: LoadedVersion, shadow?: LoadedVersion) {
    this.#active = active;
    this.#shadow = shadow;
  }

  /**
   * @param kinds the models to load; default both
   * @throws MagFlockError MF314
   */
  static async load(version: ModelVersion, kinds?: readonly PatrolModel[]): Promise<TextJudge> {
    return new TextJudge(await LoadedVersion.load(version, kinds));
  }

  /** Of the version that judges. */
  get version(): string {
    return this.#active.version.version;
  }

  /**
   * @param texts as they were received
   * @param signal asked between runs; what was judged until then is answered
   * @param explainFrom score from which on a reason is worked out
   * @returns in the order of the texts, perhaps fewer
   * @throws MagFlockError MF315 when it was loaded without that model
   */
  judge(
    kind: PatrolModel,
    texts: readonly string[],
    signal?: Pick<AbortSignal, 'aborted'>,
    explainFrom = 0.3,
  ): Promise<PatrolScore[]> {
    const judge = () => this.#judge(kind, texts, signal, explainFrom);
    return this.#active.use(() => (this.#shadow === undefined ? judge() : this.#shadow.use(judge)));
  }

  async #judge(
    kind: PatrolModel,
    texts: readonly string[],
    signal: Pick<AbortSignal, 'aborted'> | undefined,
    explainFrom: number,
  ): Promise<PatrolScore[]> {
    const extractor = extractorOf(kind);
    const judged: Worst[] = [];
    for (let at = 0; at < texts.length; ) {
      // A group of whole texts that fits one run; a text with more windows takes several runs by itself.
      const group: Features[][] = [];
      let windows = 0;
      let longest = 1;
      while (at < texts.length && signal?.aborted !== true) {
        if (windows >= mostWindows || windows * longest >= mostCells) break;
        const read = extractor.extract(texts[at]!);
        at += 1;
        group.push(read);
        windows += read.length;
        for (const { indices } of read) longest = Math.max(longest, indices.length);
      }
      if (signal?.aborted === true) break;
      const worst = await this.#score(kind, group, signal);
      if (worst === undefined) break;
      judged.push(...worst);
    }
    return judged.map((worst, at) => this.#answer(kind, texts[at]!, worst, explainFrom));
  }

  /** @returns undefined when it was cancelled */
  async #score(
    kind: PatrolModel,
    group: readonly (readonly Features[])[],
    signal: Pick<AbortSignal, 'aborted'> | undefined,
  ): Promise<Worst[] | undefined> {
    const worst = group.map((): Worst => ({ score: 0, shadow: 0, window: undefined }));
    const windows = group.flatMap((read, text) => read.map((window) => ({ window, text })));
    for (let from = 0; from < windows.length; ) {
      if (from > 0 && signal?.aborted === true) return undefined;
      const run = takeRun(windows, from);
      from += run.length;
      const read = run.map(({ window }) => window);
      const scores = await this.#active.model(kind).scorer.score(read);
      const shadows = await this.#shadow?.model(kind).scorer.score(read);
      for (const [place, { window, text }] of run.entries()) {
        const known = worst[text]!;
        if (known.window === undefined || scores[place]! > known.score) {
          known.score = scores[place]!;
          known.window = window;
        }
        known.shadow = Math.max(known.shadow, shadows?.[place] ?? 0);
      }
    }
    return worst;
  }

  #answer(
    kind: PatrolModel,
    text: string,
    { score, shadow, window }: Worst,
    explainFrom: number,
  ): PatrolScore {
    const shadowScore = this.#shadow === undefined ? null : shadow;
    if (window === undefined || score < explainFrom) return { score, shadow: shadowScore, reason: null };
    const { network, families } = this.#active.model(kind);
    const { features, nearest } =
      kind === 'values'
        ? explain(network, text, families)
        : { features: explainWindow(network, window), nearest: null };
    const read = encodeFeatures(kind, window);
    return { score, shadow: shadowScore, reason: { features, nearest, read } };
  }
}

/** The windows from `from` on that one run takes. */
function takeRun<T extends { readonly window: Features }>(windows: readonly T[], from: number): readonly T[] {
  let longest = 1;
  let to = from;
  while (to < windows.length && to - from < mostWindows) {
    longest = Math.max(longest, windows[to]!.window.indices.length);
    if (to > from && longest * (to - from + 1) > mostCells) break;
    to += 1;
  }
  return windows.slice(from, to);
}
