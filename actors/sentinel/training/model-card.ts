import type { Families } from '../learning/explain.ts';
import type { ModelKind } from '../learning/feature-extractor.ts';
import type { Calibration } from './calibrate.ts';
import type { calibrationTable } from './calibration-table.ts';
import type { SurfaceFigures } from './summarise-folds.ts';
import type { TrainingFile } from './training-files.ts';

/** What is known of one model file. */
export interface ModelCard {
  readonly kind: ModelKind;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly featureVersion: number;
  readonly seed: number;
  readonly epochs: number;
  /** Rows of the files; copies of them and text of grammars come on top. */
  readonly rows: number;
  readonly calibration: Calibration;
  /** Of the model of values: what tells families of attacks apart, for explanations. */
  readonly families?: Families;
  readonly calibrationTable: ReturnType<typeof calibrationTable>;
  readonly surfaces: readonly SurfaceFigures[];
  /** Attacks of the folds that are not blocked, some of each source, with the score of the model. */
  readonly knownMisses: readonly { readonly source: string; readonly text: string; readonly score: number }[];
  /** Honest texts of the folds that are blocked. */
  readonly knownFalseAlarms: readonly {
    readonly source: string;
    readonly text: string;
    readonly score: number;
  }[];
  /** The committed list that was trained on, and of it the files of the data. */
  readonly list: { readonly files: number; readonly sha256: string };
  readonly data: readonly TrainingFile[];
}

/** A card as a page to read. */
export function cardAsMarkdown(cards: readonly ModelCard[]): string {
  const lines = [
    '# Models of SQLGuard',
    '',
    'Written by the training; do not edit. All figures are of folds by file: each text was scored by a network, and a',
    'calibration, that had not seen its file. `card.json` has the same with all files and more examples.',
  ];
  for (const card of cards) lines.push('', ...section(card));
  return `${lines.join('\n')}\n`;
}

function section(card: ModelCard): string[] {
  const { calibration, calibrationTable: table } = card;
  const lines = [
    `## ${card.kind}`,
    '',
    `\`${card.file}\`, ${card.bytes} bytes, SHA-256 \`${card.sha256}\`; features ${card.featureVersion}, seed ${card.seed},`,
    `${card.epochs} epochs over ${card.rows} rows of ${card.list.files} listed files, and what is made of them. Calibration: logit × ${calibration.factor.toFixed(4)} ${calibration.bias < 0 ? '-' : '+'} ${Math.abs(calibration.bias).toFixed(4)}.`,
  ];
  for (const surface of card.surfaces) {
    lines.push('', `### Surface ${surface.surface}, the model alone blocks from ${surface.threshold}`, '');
    lines.push(
      '| Source | kind | texts | signatures % | model % | as shipped % |',
      '|---|---|---:|---:|---:|---:|',
    );
    for (const one of [...surface.sources, ...surface.checks]) {
      lines.push(
        `| ${one.source} | ${one.attack ? 'attacks' : 'honest'} | ${one.texts} | ${one.signatures} | ${one.model} | ${one.both} |`,
      );
    }
    lines.push(
      '',
      `Detection ${surface.detection} %, false alarms ${surface.falseAlarms} %; mean over sources ${surface.meanDetection} % and ${surface.meanFalseAlarms} %.`,
    );
  }
  lines.push(
    '',
    '### Calibration',
    '',
    `ECE ${table.ece.toFixed(4)} with one attack in twenty, ${table.eceOfRows.toFixed(4)} over the rows as they are.`,
    '',
  );
  lines.push(
    '| Score | texts | of them attacks | mean score | share of attacks in weighted traffic |',
    '|---|---:|---:|---:|---:|',
  );
  for (const band of table.bands) {
    lines.push(
      `| ${band.from}–${band.to} | ${band.texts} | ${band.attacks} | ${band.meanScore.toFixed(3)} | ${band.attackShare.toFixed(3)} |`,
    );
  }
  lines.push('', '### Known misses', '');
  for (const { source, text } of card.knownMisses.slice(0, 20)) lines.push(`- ${source}: ${code(text)}`);
  return lines;
}

function code(text: string): string {
  return `\`\` ${JSON.stringify(text).slice(1, -1).replaceAll('`', '´')} \`\``;
}
