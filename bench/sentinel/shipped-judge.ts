import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectValue } from '../../actors/sentinel/inspect/inspect-value.ts';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { FeatureExtractor } from '../../actors/sentinel/learning/feature-extractor.ts';
import { modelsFolder } from '../../actors/sentinel/learning/models-folder.ts';
import { forwardPass, type Network } from '../../actors/sentinel/learning/network.ts';
import { readNetwork } from '../../actors/sentinel/learning/read-network.ts';
import { type Combined, combine } from '../../actors/sentinel/sqlguard/combine.ts';

/** A verdict with what it was made of. */
export interface ShippedVerdict extends Combined {
  readonly signature: string | undefined;
  /** Undefined where the model is not asked. */
  readonly model: number | undefined;
}

/** SQLGuard on values as it is shipped: pre-filters, signatures, the committed model in plain TypeScript, combination. */
export class ShippedJudge {
  readonly guard = new SqlGuard();
  readonly extractor = new FeatureExtractor('values');
  readonly network: Network = readNetwork(readFileSync(join(modelsFolder, 'values.onnx')));
  /** Texts the model was asked of. */
  asked = 0;

  judge(text: string, surface: 'query' | 'body'): ShippedVerdict {
    const { match, needsModel } = inspectValue(this.guard, text, surface);
    const name = match.signature?.name;
    const model = needsModel ? this.score(text) : undefined;
    const signature = name === undefined ? undefined : { name, score: match.score };
    return { ...combine({ surface, signature, model }), signature: name, model };
  }

  /** The calibrated score of the model alone. */
  score(text: string): number {
    this.asked += 1;
    let worst = Number.NEGATIVE_INFINITY;
    for (const window of this.extractor.extract(text)) {
      worst = Math.max(worst, forwardPass(this.network, window));
    }
    return 1 / (1 + Math.exp(-worst));
  }
}
