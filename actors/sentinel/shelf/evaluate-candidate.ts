import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { readyToTrain } from './ready-to-train.ts';

/** What is measured, and with which data. */
export interface EvaluationOptions {
  /** Folder of the training data; default beside the repository. */
  readonly data?: string | undefined;
  readonly kinds?: readonly PatrolModel[] | undefined;
  readonly seed?: number | undefined;
  /** Lines of progress. */
  readonly tell?: (line: string) => void;
}

/**
 * Trains and measures all held folds again and writes nothing. Blocks its thread: never called in a daemon.
 * @returns the figures, and the same as lines for a terminal
 * @throws MagFlockError MF316 when data or development dependencies are missing
 */
export async function evaluateCandidate({ data, kinds, seed, tell }: EvaluationOptions) {
  await readyToTrain(data);
  const { evaluateModels, evaluationAsText } = await import('../training/evaluate.ts');
  const figures = evaluateModels(kinds, seed, tell);
  return { figures, text: evaluationAsText(figures) };
}
