import { statistics as statisticNames } from './feature-layout.ts';
import type { Features } from './features.ts';
import { forwardPass, type Network } from './network.ts';
import { scoreShares } from './score-shares.ts';
import { ValueReader } from './value-reader.ts';

/** Why a value got its score. */
export interface Explanation {
  /** What raised the score most, with its share of all that raised it. */
  readonly features: readonly { readonly feature: string; readonly weight: number }[];
  /** The family of attacks it is nearest to; null when it is near to none or no families are known. */
  readonly nearest: string | null;
}

/** Of each family of attacks, buckets of n-grams that tell it from the others, with weights; the card of the model has them. */
export type Families = Readonly<Record<string, Readonly<Record<string, number>>>>;

const mostFeatures = 5;
/** Share of the weight that an attack of a family has on average, from which on a value is of it. */
const near = 0.2;

/**
 * Explains the score of a value: n-grams and statistics of its worst window that raised it most, and the family of
 * attacks with whose n-grams it has most in common. Tells token classes and trigrams, never the value itself.
 * @param reader any; extracts the value again
 */
export function explain(
  network: Network,
  text: string,
  families?: Families,
  reader = new ValueReader(),
): Explanation {
  const windows = reader.name(text);
  let worst = windows[0];
  let highest = Number.NEGATIVE_INFINITY;
  for (const window of windows) {
    const logit = forwardPass(network, window.features);
    if (logit <= highest) continue;
    highest = logit;
    worst = window;
  }
  if (worst === undefined) return { features: [], nearest: null };
  return explainWindow(network, worst.features, worst.names, families);
}

/** The same for one window. */
export function explainWindow(
  network: Network,
  features: Features,
  names: ReadonlyMap<number, string>,
  families: Families = {},
): Explanation {
  const { buckets, statistics } = scoreShares(network, features);
  const shares = [
    ...Array.from(buckets, (share, at) => ({ feature: names.get(features.indices[at]!) ?? '', share })),
    ...Array.from(statistics, (share, at) => ({ feature: statisticNames[at] ?? '', share })),
  ].filter(({ feature, share }) => share > 0 && feature !== '');
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  return {
    features: shares
      .toSorted((a, b) => b.share - a.share)
      .slice(0, mostFeatures)
      .map(({ feature, share }) => ({ feature, weight: Math.round((share / total) * 1000) / 1000 })),
    nearest: nearestFamily(features.indices, families),
  };
}

function nearestFamily(indices: Int32Array, families: Families): string | null {
  let best = near;
  let name: string | null = null;
  for (const [family, weights] of Object.entries(families)) {
    let alike = 0;
    for (const bucket of indices) alike += weights[bucket] ?? 0;
    if (alike <= best) continue;
    best = alike;
    name = family;
  }
  return name;
}
