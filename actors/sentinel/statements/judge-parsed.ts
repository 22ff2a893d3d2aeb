import type { ParsedStatement } from '../../../runtime/protocol/patrol.protocol.ts';
import { type Combined, combine } from '../sqlguard/combine.ts';
import { thresholds } from '../sqlguard/thresholds.ts';
import { introspection } from './find-oddities.ts';
import { type OddityName, oddities } from './oddities.ts';

/** What is known of a whole statement. */
export interface StatementEvidence {
  /** Calibrated score of the model `statements`; undefined when it could not answer. */
  readonly model: number | undefined;
  /** What the parser said; null when it was not asked or could not answer. */
  readonly parsed: ParsedStatement | null;
  /** Whether the route has sent this shape before; false where there is no history. */
  readonly known: boolean;
}

/** The verdict, with what it rests on. */
export interface StatementJudgement extends Combined {
  /** The worst oddity; undefined when there is none. */
  readonly oddity: { readonly name: OddityName; readonly score: number; readonly reason: string } | undefined;
  /** One sentence for people. */
  readonly why: string;
}

/** Log-odds that a statement loses which PostgreSQL reads and finds nothing odd about, and a shape that is known. */
const clean = -1;
const familiar = -1;
/** Attacks read the catalog, too, but from inside of a statement about something else. */
const introspecting = -2;
/** A text that breaks off inside of a string or comment supports what the model says of it. */
const brokenOff = { name: 'broken-off', score: 0.6 } as const;
/** Two findings of this score or more that have nothing to do with each other decide alone. */
const both = { fewest: 0.8, score: 0.88 } as const;
const farthest = 30;

/** Oddities of one family are found together in one place. */
const families: readonly (readonly OddityName[])[] = [
  ['always-true', 'any-pattern', 'constant-alternative', 'constant-condition', 'odd-operation'],
  [
    'catalog-union',
    'system-union',
    'constant-union',
    'padded-union',
    'catalog-subquery',
    'credentials',
    'system-condition',
  ],
];

/**
 * Puts together what the model and the parser say of a statement. A shape that is known lowers the score only where
 * nothing is odd: the fingerprint ignores constants, so an attack may look like a statement of yesterday. Pure.
 */
export function judgeParsed({ model, parsed, known }: StatementEvidence): StatementJudgement {
  const found = (parsed?.oddities ?? [])
    .filter((name): name is OddityName => Object.hasOwn(oddities, name))
    .map((name) => ({ name, ...oddities[name] }))
    .sort((a, b) => b.score - a.score);
  const [worst] = found;
  if (worst !== undefined) {
    const score = isTwofold(found) ? Math.max(worst.score, both.score) : worst.score;
    const combined = combine({ surface: 'sql', signature: { name: worst.name, score }, model });
    return {
      ...combined,
      oddity: worst,
      why: sentence(
        found.map(({ reason }) => reason),
        model,
      ),
    };
  }
  const about = parsed?.oddities.includes(introspection) === true ? introspecting : 0;
  const calm = parsed?.parsed === true ? clean + about + (known ? familiar : 0) : 0;
  const broken = parsed?.problem?.startsWith('unterminated') === true && model !== undefined;
  const combined = combine({
    surface: 'sql',
    signature: broken ? brokenOff : undefined,
    model: model === undefined ? undefined : shifted(model, calm),
  });
  return { ...combined, oddity: undefined, why: sentence(broken ? ['breaks off'] : [], model) };
}

function isTwofold(found: readonly { readonly name: OddityName; readonly score: number }[]): boolean {
  const telling = found.filter(({ score }) => score >= both.fewest);
  const kinds = new Set(telling.map(({ name }) => families.find((family) => family.includes(name)) ?? name));
  return kinds.size > 1;
}

function shifted(score: number, by: number): number {
  if (by === 0) return score;
  const odds = Math.log(score / (1 - score));
  return 1 / (1 + Math.exp(-(Math.max(-farthest, Math.min(farthest, odds)) + by)));
}

function sentence(reasons: readonly string[], model: number | undefined): string {
  const read = reasons.length === 0 ? '' : `The statement ${reasons.slice(0, 3).join(', ')}. `;
  if (model === undefined) return `${read}The model was not asked or could not answer.`;
  const share = `${(model * 100).toFixed(1)} %`;
  const says = model >= thresholds.sql.log ? 'looks like an injection' : 'looks honest';
  return `${read}To the model it ${says} (${share}).`;
}
