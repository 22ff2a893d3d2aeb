import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelKind } from '../learning/feature-extractor.ts';
import { featureVersions } from '../learning/feature-layout.ts';
import { modelsFolder } from '../learning/models-folder.ts';
import { attackFamilies } from './attack-families.ts';
import { bakeCalibration } from './bake-calibration.ts';
import { calibrate } from './calibrate.ts';
import { calibrationTable } from './calibration-table.ts';
import { exportOnnx } from './export-onnx.ts';
import { isBlocked } from './is-blocked.ts';
import type { Measured } from './measured.ts';
import { cardAsMarkdown, type ModelCard } from './model-card.ts';
import { readTrainingRows, type TrainingRow } from './read-training-rows.ts';
import { crossCalibrate, isCalibrating, runFolds } from './run-folds.ts';
import { type ModelSurface, summariseFolds } from './summarise-folds.ts';
import { type AmendExamples, epochs, trainKind } from './train-kind.ts';
import { listPath, trainingFiles } from './training-files.ts';

/** How a training is done. */
export interface TrainingOptions {
  /** Where the models and their card are written; what of the other kind stands there stays. */
  readonly folder?: string;
  readonly kinds?: readonly ModelKind[];
  readonly seed?: number;
  readonly tell?: (line: string) => void;
  /** Examples that are no rows of the listed files: feedback. */
  readonly amend?: AmendExamples;
}

/** The surfaces that each model judges. */
export const surfacesOf: Readonly<Record<ModelKind, readonly ModelSurface[]>> = {
  values: ['query', 'body'],
  statements: ['sql'],
};

const shownPerSource = 8;

/**
 * Trains the models from the listed files: the folds first, whose figures and calibration the card tells, then a
 * network on all rows. The same seed and files give the same bytes.
 * @returns the cards of the models that were written
 * @throws Error when a listed file is missing, has changed or is kept for evaluation
 */
export async function trainModels(options: TrainingOptions = {}): Promise<ModelCard[]> {
  const {
    folder = modelsFolder,
    kinds = ['values', 'statements'],
    seed = 1,
    tell = () => undefined,
    amend = (examples) => examples,
  } = options;
  const rows = readTrainingRows();
  tell(`${rows.length} rows of ${trainingFiles().length} files`);
  mkdirSync(folder, { recursive: true });
  const trained = kinds.map((kind) => trainModel(rows, kind, seed, folder, tell, amend));
  // Read only now: the other kind may have been trained meanwhile.
  const cards = [...trained, ...readCards(folder).filter(({ kind }) => !kinds.includes(kind))];
  cards.sort((a, b) => b.kind.localeCompare(a.kind));
  writeFileSync(join(folder, 'card.json'), `${JSON.stringify(cards, undefined, 2)}\n`);
  writeFileSync(join(folder, 'card.md'), cardAsMarkdown(cards));
  return cards;
}

function trainModel(
  rows: readonly TrainingRow[],
  kind: ModelKind,
  seed: number,
  folder: string,
  tell: (line: string) => void,
  amend: AmendExamples,
): ModelCard {
  const byFold = runFolds(rows, kind, seed, tell, amend);
  const measured = crossCalibrate(byFold);
  const calibration = calibrate(byFold.flat().filter(isCalibrating));
  const network = bakeCalibration(trainKind(rows, kind, seed, amend), calibration);
  const bytes = exportOnnx(network, kind);
  const file = `${kind}.onnx`;
  writeFileSync(join(folder, file), bytes);
  tell(`${file}: ${bytes.length} bytes`);
  return {
    kind,
    file,
    sha256: sha256(bytes),
    bytes: bytes.length,
    featureVersion: featureVersions[kind],
    seed,
    epochs: epochs[kind],
    rows: rows.filter((row) => (row.kind === 'param') === (kind === 'values') && !row.spare).length,
    calibration,
    ...(kind === 'values' ? { families: attackFamilies(seed) } : {}),
    calibrationTable: calibrationTable(measured.filter(isCalibrating)),
    surfaces: surfacesOf[kind].map((surface) => summariseFolds(measured, surface)),
    knownMisses: mistakes(measured, kind, true),
    knownFalseAlarms: mistakes(measured, kind, false),
    list: { files: trainingFiles().length, sha256: sha256(readFileSync(listPath)) },
    data: trainingFiles().filter(({ path }) => path.endsWith('.ndjson')),
  };
}

function mistakes(measured: readonly Measured[], kind: ModelKind, attack: boolean): ModelCard['knownMisses'] {
  const surface = kind === 'values' ? 'query' : 'sql';
  const wrong = measured
    .filter((one) => one.attack === attack && isCalibrating(one) && isBlocked(one, surface) !== attack)
    .map((one) => ({ ...one, score: 1 / (1 + Math.exp(-one.logit)) }))
    .sort((a, b) => (attack ? a.score - b.score : b.score - a.score));
  return [...Map.groupBy(wrong, ({ source }) => source).values()].flatMap((list) =>
    list.slice(0, shownPerSource).map(({ source, text, score }) => ({
      source,
      text: text.toWellFormed().slice(0, 200),
      score: Math.round(score * 1e6) / 1e6,
    })),
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readCards(folder: string): ModelCard[] {
  try {
    return JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as ModelCard[];
  } catch {
    return [];
  }
}

if (import.meta.main) {
  const kinds = process.argv.slice(2).filter((kind) => kind === 'values' || kind === 'statements');
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  await trainModels(kinds.length === 0 ? { tell } : { kinds, tell });
}
