import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelsFolder } from '../../actors/sentinel/learning/models-folder.ts';
import type { Evaluation } from '../../actors/sentinel/training/evaluate.ts';
import type { SourceFigures, SurfaceFigures } from '../../actors/sentinel/training/summarise-folds.ts';
import type { Figure } from '../support/report.ts';

/** What a surface has to reach, in percent. */
interface Goals {
  readonly detection?: number;
  readonly falseAlarms?: number;
  readonly meanDetection?: number;
  readonly meanFalseAlarms?: number;
}

const goals: Readonly<Record<string, Goals>> = {
  query: { detection: 99.5, falseAlarms: 0.1, meanDetection: 97, meanFalseAlarms: 0.2 },
  body: {},
  sql: { detection: 98, falseAlarms: 0.3 },
};
const worstSource = 0.5;
const encodedGoal = 99;
const calibrationGoal = 0.02;

/**
 * Figures of folds by file, where each text was scored by a network and a calibration that had not seen its file.
 * @param evaluations those measured now; without them the committed card is read
 * @param from where they come from, as it stands beside each figure
 */
export function cardFigures(evaluations: readonly Evaluation[] | undefined, from: string): Figure[] {
  const told = evaluations ?? readCard();
  return told.flatMap(({ kind, surfaces, calibration }) => [
    ...surfaces.flatMap((surface) => surfaceFigures(surface, from)),
    figure(`calibration error of ${kind} (ECE)`, from, calibration.ece, calibrationGoal, false),
    ...calibration.bands.map((band) => ({
      ...figure(
        `${kind}: attacks among scores ${band.from} to ${band.to} (%)`,
        `${band.attacks} of`,
        (band.attacks / Math.max(1, band.texts)) * 100,
        undefined,
        true,
      ),
      peerValue: band.texts,
    })),
  ]);
}

function surfaceFigures(surface: SurfaceFigures, from: string): Figure[] {
  const { surface: name, detection, falseAlarms, meanDetection, meanFalseAlarms, sources, checks } = surface;
  const goal = goals[name] ?? {};
  const honest = sources.filter(({ attack }) => !attack);
  const worst = honest.reduce<SourceFigures | undefined>(
    (one, other) => (one === undefined || other.both > one.both ? other : one),
    undefined,
  );
  return [
    figure(`detection, ${name} (%)`, from, detection, goal.detection, true),
    figure(`false alarms, ${name} (%)`, from, falseAlarms, goal.falseAlarms, false),
    figure(`detection, ${name}, mean of sources (%)`, from, meanDetection, goal.meanDetection, true),
    figure(`false alarms, ${name}, mean of sources (%)`, from, meanFalseAlarms, goal.meanFalseAlarms, false),
    ...(worst === undefined
      ? []
      : [figure(`false alarms, ${name}, worst source (%)`, worst.source, worst.both, worstSource, false)]),
    ...checks.map((check) =>
      figure(
        `detection, ${name}: ${check.source} (%)`,
        from,
        check.both,
        name === 'query' && check.source === 'encoded' ? encodedGoal : undefined,
        true,
      ),
    ),
  ];
}

function figure(
  measure: string,
  peer: string,
  value: number,
  goal: number | undefined,
  atLeast: boolean,
): Figure {
  return {
    measure,
    peer,
    value,
    peerValue: goal ?? null,
    ratio: goal === undefined ? null : value / goal,
    goal: goal === undefined ? '' : `${atLeast ? '>=' : '<='} ${goal}`,
    ok: goal === undefined ? null : atLeast ? value >= goal : value <= goal,
  };
}

function readCard(): readonly Evaluation[] {
  const card = JSON.parse(readFileSync(join(modelsFolder, 'card.json'), 'utf8')) as readonly (Omit<
    Evaluation,
    'calibration'
  > & {
    readonly calibrationTable: Evaluation['calibration'];
  })[];
  return card.map(({ kind, surfaces, calibrationTable }) => ({
    kind,
    surfaces,
    calibration: calibrationTable,
  }));
}
