import { Random } from '../../../actors/sentinel/training/random.ts';
import { composedTemplates, composedWords } from './composed-templates.ts';

const seed = 20_261_121;

/**
 * Values of kinds that no installed document holds: filters of a data API, searches, user agents, ids, postal addresses,
 * telephone numbers, measures, prices, recipes, sums, chat; many were written to look like an injection without being one.
 * The same each time; none of the templates are those that the models learn from.
 */
export function* composedValues(): Generator<string> {
  const random = new Random(seed);
  for (let round = 0; round < 10; round += 1) {
    for (const template of composedTemplates) {
      yield template.replace(/\$([a-zA-Z])/g, (_, kind: string) => fill(kind, random));
    }
  }
}

function fill(kind: string, random: Random): string {
  if (kind === 'd') return String(random.below(10));
  if (kind === 'n') return String(random.below(10 ** (1 + random.below(4))));
  if (kind === 'x') return random.below(0xffff).toString(16).padStart(4, '0');
  const choices = composedWords[kind];
  if (choices === undefined) throw new Error(`no words of the kind ${kind}`);
  return random.pick(choices);
}
