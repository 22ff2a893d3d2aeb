import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { ShelfCard } from './card-schema.ts';

type Cards = Readonly<Record<PatrolModel, ShelfCard>>;
type Surface = ShelfCard['surfaces'][number];
type Figures = Surface['sources'][number];

/** Figures in cards are rounded to thousandths of a percent. */
const rounding = 0.001;
/** A candidate may measure a few texts less: what is on both sides of a fold depends on nothing else. */
const fewestTexts = 0.98;

/**
 * Whether a candidate is as good as the active version, on every surface, for every source of every held fold and
 * every check (encoded, padded, mutated): detection not lower and false alarms not higher than by one text, the noise
 * of a measurement that counts texts.
 * @returns what is worse, one sentence each; empty when nothing is
 */
export function compareCards(candidate: Cards, active: Cards): readonly string[] {
  return (['values', 'statements'] as const).flatMap((kind) =>
    active[kind].surfaces.flatMap((known) => {
      const found = candidate[kind].surfaces.find(({ surface }) => surface === known.surface);
      if (found === undefined) return [`${known.surface}: not measured`];
      if (found.threshold !== known.threshold) {
        return [`${known.surface}: measured at ${found.threshold}, the active version at ${known.threshold}`];
      }
      return [...compare(known, found, 'sources'), ...compare(known, found, 'checks')];
    }),
  );
}

function compare(known: Surface, found: Surface, part: 'sources' | 'checks'): string[] {
  const worse: string[] = [];
  for (const one of known[part]) {
    const place = `${known.surface}, ${one.source}, ${one.attack ? 'attacks' : 'honest'}`;
    const other = found[part].find(({ source, attack }) => source === one.source && attack === one.attack);
    if (other === undefined) worse.push(`${place}: not measured`);
    else if (other.texts < one.texts * fewestTexts) {
      worse.push(`${place}: ${other.texts} texts measured, ${one.texts} of the active version`);
    } else if (isWorse(other, one)) worse.push(`${place}: ${other.both} %, the active version ${one.both} %`);
  }
  return worse;
}

function isWorse(candidate: Figures, active: Figures): boolean {
  const oneText = 100 / Math.max(1, Math.min(candidate.texts, active.texts));
  const loss = candidate.attack ? active.both - candidate.both : candidate.both - active.both;
  return loss > oneText + rounding;
}
