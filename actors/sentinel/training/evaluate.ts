import type { ModelKind } from '../learning/feature-extractor.ts';
import { calibrationTable } from './calibration-table.ts';
import { readTrainingRows } from './read-training-rows.ts';
import { crossCalibrate, isCalibrating, runFolds } from './run-folds.ts';
import { type SurfaceFigures, summariseFolds } from './summarise-folds.ts';
import { surfacesOf } from './train.ts';

/** Figures of one model over the folds. */
export interface Evaluation {
  readonly kind: ModelKind;
  readonly surfaces: readonly SurfaceFigures[];
  readonly calibration: ReturnType<typeof calibrationTable>;
}

/**
 * Trains and measures all folds again, without writing anything: per source what the signatures, the model and both
 * find, on held files, in other encodings, behind padding, and after a hundred rounds of mutation.
 * @throws Error when a listed file is missing, has changed or is kept for evaluation
 */
export function evaluateModels(
  kinds: readonly ModelKind[] = ['values', 'statements'],
  seed = 1,
  tell: (line: string) => void = () => undefined,
): Evaluation[] {
  const rows = readTrainingRows();
  return kinds.map((kind) => {
    const measured = crossCalibrate(runFolds(rows, kind, seed, tell));
    return {
      kind,
      surfaces: surfacesOf[kind].map((surface) => summariseFolds(measured, surface)),
      calibration: calibrationTable(measured.filter(isCalibrating)),
    };
  });
}

/** An evaluation as lines for a terminal. */
export function evaluationAsText(evaluations: readonly Evaluation[]): string {
  const lines: string[] = [];
  for (const { kind, surfaces, calibration } of evaluations) {
    for (const surface of surfaces) {
      lines.push(
        `${kind}, surface ${surface.surface}, the model alone blocks from ${surface.threshold}: % by signatures, model, as shipped`,
      );
      for (const one of [...surface.sources, ...surface.checks]) {
        const figures = [one.signatures, one.model, one.both]
          .map((figure) => figure.toFixed(3).padStart(8))
          .join('');
        lines.push(
          `  ${one.source.padEnd(34)}${one.attack ? 'attacks' : 'honest '}${String(one.texts).padStart(7)}${figures}`,
        );
      }
      lines.push(
        `  all: detection ${surface.detection} %, false alarms ${surface.falseAlarms} %; mean of sources ${surface.meanDetection} %, ${surface.meanFalseAlarms} %`,
      );
    }
    lines.push(`  ECE ${calibration.ece.toFixed(4)} (rows as they are: ${calibration.eceOfRows.toFixed(4)})`);
  }
  return lines.join('\n');
}

if (import.meta.main) {
  const kinds = process.argv.slice(2).filter((kind) => kind === 'values' || kind === 'statements');
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(
    `${evaluationAsText(evaluateModels(kinds.length === 0 ? undefined : kinds, 1, tell))}\n`,
  );
}
