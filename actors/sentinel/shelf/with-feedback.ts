import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Example } from '../training/examples.ts';
import type { FeedbackExample } from './feedback-examples.ts';

/** Share of the weight of a training that feedback may have, all together. */
const mostShare = 0.01;

/**
 * The examples of a training with feedback added: one entry weighs as much as an example does on average, all of them
 * together at most a hundredth of the training.
 */
export function withFeedback(
  examples: readonly Example[],
  feedback: readonly FeedbackExample[],
  kind: PatrolModel,
): readonly Example[] {
  const chosen = feedback.filter((one) => one.kind === kind);
  if (chosen.length === 0) return examples;
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const weight = Math.min(
    total / Math.max(1, examples.length),
    (total * mostShare) / (1 - mostShare) / chosen.length,
  );
  return [...examples, ...chosen.map(({ features, attack }) => ({ windows: [features], attack, weight }))];
}
