import { FuzzyNames } from './fuzzy-names.ts';

const kept = new WeakMap<object, Map<string, FuzzyNames>>();

/**
 * The set of names to make hints from, built at the first error that needs it and kept as long as its source: a
 * storm of wrong names costs one build.
 * @param source a map of the schema; a new schema has other maps
 * @param part which of the names in it
 */
export function fuzzyNamesOf(source: object, part: string, names: () => readonly string[]): FuzzyNames {
  let parts = kept.get(source);
  if (parts === undefined) {
    parts = new Map();
    kept.set(source, parts);
  }
  let found = parts.get(part);
  if (found === undefined) {
    found = new FuzzyNames(names());
    parts.set(part, found);
  }
  return found;
}
