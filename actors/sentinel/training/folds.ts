import type { ModelKind } from '../learning/feature-extractor.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** What is held out together: whole files, never rows. */
interface Fold {
  /** Sources that are measured. */
  readonly held: readonly string[];
  /** Sources that are kept out of the training of this fold and not measured: they contain parts of the held ones. */
  readonly hidden?: readonly string[];
}

const valueFolds: readonly Fold[] = [
  { held: ['httpparams', 'rest-filters-supabase', 'package-types'] },
  { held: ['libinjection-sqli', 'wordnet-sentences', 'package-documents'] },
  {
    held: [
      'synthetic-sqli-grammar',
      'commit-subjects-sqlglot-sqlfluff',
      'sqlfluff-rule-prose',
      'wikisql-questions',
      'package-code',
    ],
  },
  { held: ['fuzzdb', 'payloadbox', 'payloadsallthethings', 'code-lines-hono-vite', 'faker-values'] },
  { held: ['synthetic-hard-benign', 'package-readmes'] },
];

/** `embedded-queries` holds payloads of all attack files, so it is either measured or, with its attacks, hidden. */
const statementFolds: readonly Fold[] = [
  { held: ['embedded-queries'] },
  {
    held: ['sqlglot-sql', 'fuzzdb', 'payloadbox', 'payloadsallthethings', 'httpparams'],
    hidden: ['embedded-queries'],
  },
  {
    held: ['sqlfluff-sql', 'wikisql-sql', 'libinjection-sqli', 'synthetic-sqli-grammar'],
    hidden: ['embedded-queries'],
  },
];

/** The folds of a model. */
export const folds: Readonly<Record<ModelKind, readonly Fold[]>> = {
  values: valueFolds,
  statements: statementFolds,
};

/** Rows of a fold: what it is trained on, and what it is measured on. A text on both sides is only measured. */
export function splitRows(
  rows: readonly TrainingRow[],
  fold: Fold,
): { readonly train: TrainingRow[]; readonly held: TrainingRow[] } {
  const held = rows.filter(({ source }) => fold.held.includes(source));
  const known = new Set(held.map(({ text }) => keyOf(text)));
  const train = rows.filter(
    ({ source, text }) =>
      !fold.held.includes(source) && !(fold.hidden ?? []).includes(source) && !known.has(keyOf(text)),
  );
  return { train, held };
}

function keyOf(text: string): string {
  return text.toLowerCase().replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
}
