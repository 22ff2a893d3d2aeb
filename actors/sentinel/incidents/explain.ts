import type { PatrolScore } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Explanation } from '../../../runtime/protocol/sentinel.protocol.ts';
import { signatures } from '../signatures/signatures.ts';

const reasons = new Map(signatures.map(({ name, why }) => [name, why]));

/**
 * Why a value got its verdict: the signature, the model with what raised its score and the nearest family of attacks,
 * and a sentence for people. Holds nothing of the value but readable tokens.
 * @param model undefined when it was not asked or could not answer
 */
export function explain(
  signature: { readonly name: string; readonly score: number } | undefined,
  model: { readonly version: string; readonly score: PatrolScore } | undefined,
): Explanation {
  return {
    signature:
      signature === undefined
        ? null
        : { name: signature.name, score: signature.score, reason: reasons.get(signature.name) ?? '' },
    model:
      model === undefined
        ? null
        : {
            version: model.version,
            score: model.score.score,
            features: model.score.reason?.features ?? [],
            nearest: model.score.reason?.nearest ?? null,
          },
    why: [sentenceOfSignature(signature), sentenceOfModel(model?.score)]
      .filter((part) => part !== '')
      .join(' '),
  };
}

function sentenceOfSignature(signature: { readonly name: string } | undefined): string {
  return signature === undefined ? '' : `Signature ${signature.name}: ${reasons.get(signature.name) ?? ''}.`;
}

function sentenceOfModel(score: PatrolScore | undefined): string {
  if (score === undefined) return '';
  const { reason } = score;
  const nearest = reason?.nearest == null ? '' : `, nearest to ${reason.nearest}`;
  const worst = (reason?.features ?? []).slice(0, 3).map(({ feature }) => feature);
  const because = worst.length === 0 ? '' : `, because of ${worst.join(', ')}`;
  return `The model gives it ${score.score.toFixed(2)}${nearest}${because}.`;
}
