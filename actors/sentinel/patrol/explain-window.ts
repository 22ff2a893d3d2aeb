import type { ReasonFeature } from '../../../runtime/protocol/sentinel.protocol.ts';
import { statistics as names } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import type { Network } from '../learning/network.ts';
import { scoreShares } from '../learning/score-shares.ts';
import { statementFacts } from '../learning/statement-fact-names.ts';

const mostFeatures = 5;

/** Statistics and buckets that raised the score of a window most: gradient times input. */
export function explainWindow(network: Network, features: Features): readonly ReasonFeature[] {
  const { buckets, statistics } = scoreShares(network, features);
  const shares = [
    ...Array.from(buckets, (share, at) => ({ feature: `n-gram ${features.indices[at]}`, share })),
    ...Array.from(statistics, (share, at) => ({ feature: nameOf(at), share })),
  ].filter(({ share }) => share > 0);
  const total = shares.reduce((sum, one) => sum + one.share, 0);
  return shares
    .toSorted((a, b) => b.share - a.share)
    .slice(0, mostFeatures)
    .map(({ feature, share }) => ({ feature, weight: Math.round((share / total) * 1000) / 1000 }));
}

/** Statistics of both models come first, then the facts of whole statements. */
function nameOf(statistic: number): string {
  return names[statistic] ?? statementFacts[statistic - names.length] ?? `statistic ${statistic}`;
}
