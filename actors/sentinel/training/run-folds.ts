import type { ModelKind } from '../learning/feature-extractor.ts';
import { calibrate } from './calibrate.ts';
import { folds, splitRows } from './folds.ts';
import { measureFold } from './measure-fold.ts';
import type { Measured } from './measured.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { type AmendExamples, trainKind } from './train-kind.ts';

/**
 * Trains a network for each fold and measures it on the files held out.
 * @param amend each fold is trained with it as the model itself is: what it does shows in the figures
 * @returns for each fold its measurements, the logits as the network gave them
 */
export function runFolds(
  rows: readonly TrainingRow[],
  kind: ModelKind,
  seed: number,
  tell: (line: string) => void,
  amend: AmendExamples = (examples) => examples,
): Measured[][] {
  return folds[kind].map((fold, at) => {
    const started = performance.now();
    const { train, held } = splitRows(rows, fold);
    const network = trainKind(train, kind, seed, amend);
    const measured = measureFold(network, held, kind, seed);
    tell(
      `${kind}, fold ${at + 1} of ${folds[kind].length}: ${((performance.now() - started) / 1000).toFixed(1)} s, ${shares(measured)}`,
    );
    return measured;
  });
}

/** The measurements of all folds, each calibrated by the others: nothing is measured on what fitted it. */
export function crossCalibrate(byFold: readonly (readonly Measured[])[]): Measured[] {
  return byFold.flatMap((measured, at) => {
    const others = byFold.flatMap((fold, other) => (other === at ? [] : fold.filter(isCalibrating)));
    const { factor, bias } = calibrate(others);
    return measured.map((one) => ({ ...one, logit: one.logit * factor + bias }));
  });
}

/** What a calibration is fitted on: rows as they are, and whole statements that were put together. */
export function isCalibrating({ check }: Measured): boolean {
  return check === 'row' || check === 'injected';
}

/** Before the calibration: which share of what is more likely an attack than not. */
function shares(measured: readonly Measured[]): string {
  const groups = Map.groupBy(measured, ({ check, attack }) => `${attack ? 'attacks' : 'honest'}, ${check}`);
  return [...groups]
    .map(
      ([name, list]) =>
        `${name} ${((100 * list.filter(({ logit }) => logit > 0).length) / list.length).toFixed(2)} %`,
    )
    .join('; ');
}
