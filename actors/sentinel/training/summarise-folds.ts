import { thresholds } from '../sqlguard/thresholds.ts';
import { blockingLogit } from './blocking-logit.ts';
import { isBlocked } from './is-blocked.ts';
import type { Measured } from './measured.ts';

/** Surfaces that models judge: parameters, paths and headers are `query`; `sql` is a whole statement. */
export type ModelSurface = keyof typeof thresholds;

/** Share of the texts of one source that are blocked, in percent. */
export interface SourceFigures {
  readonly source: string;
  readonly attack: boolean;
  readonly texts: number;
  readonly signatures: number;
  readonly model: number;
  /** As shipped: what signatures and model amount to together (`combine`). */
  readonly both: number;
}

/** Figures of one surface. Detection and false alarms in percent. */
export interface SurfaceFigures {
  readonly surface: ModelSurface;
  /** The calibrated score from which the model blocks alone. */
  readonly threshold: number;
  readonly sources: readonly SourceFigures[];
  /** Over all rows, and the mean over sources, with both detectors. */
  readonly detection: number;
  readonly falseAlarms: number;
  readonly meanDetection: number;
  readonly meanFalseAlarms: number;
  /** Other spellings of held attacks: how many are found. */
  readonly checks: readonly SourceFigures[];
}

/** Turns calibrated measurements into detection and false alarms as a surface is shipped. */
export function summariseFolds(measured: readonly Measured[], surface: ModelSurface): SurfaceFigures {
  const alone = blockingLogit(surface);
  const rows = measured.filter(({ check }) => check === 'row' || check === 'injected');
  const figures = (texts: readonly Measured[], source: string): SourceFigures => {
    const bySignature = texts.filter((text) => signed(text, surface)).length;
    const byModel = texts.filter(({ logit }) => logit >= alone).length;
    const blocked = texts.filter((text) => isBlocked(text, surface)).length;
    return {
      source,
      attack: texts[0]!.attack,
      texts: texts.length,
      signatures: percent(bySignature, texts.length),
      model: percent(byModel, texts.length),
      both: percent(blocked, texts.length),
    };
  };
  const grouped = Map.groupBy(
    rows,
    ({ source, attack, check }) => `${check === 'injected' ? 'injected: ' : ''}${source}|${attack}`,
  );
  const sources = [...grouped].map(([key, texts]) => figures(texts, key.split('|')[0]!));
  const others = Map.groupBy(
    measured.filter(({ check }) => check !== 'row' && check !== 'injected'),
    ({ check }) => check,
  );
  const share = (attack: boolean): number => {
    const chosen = sources.filter((one) => one.attack === attack);
    const texts = chosen.reduce((sum, one) => sum + one.texts, 0);
    return chosen.reduce((sum, one) => sum + one.both * one.texts, 0) / Math.max(1, texts);
  };
  const mean = (attack: boolean): number => {
    const chosen = sources.filter((one) => one.attack === attack);
    return chosen.reduce((sum, one) => sum + one.both, 0) / Math.max(1, chosen.length);
  };
  return {
    surface,
    threshold: Math.round(1e6 / (1 + Math.exp(-alone))) / 1e6,
    sources,
    detection: round(share(true)),
    falseAlarms: round(share(false)),
    meanDetection: round(mean(true)),
    meanFalseAlarms: round(mean(false)),
    checks: [...others].map(([check, texts]) => figures(texts, check)),
  };
}

function signed(text: Measured, surface: ModelSurface): boolean {
  return (surface === 'body' ? text.bodySignature : text.signature) >= thresholds[surface].block;
}

function percent(part: number, whole: number): number {
  return round((part / whole) * 100);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
