import type { Families } from '../learning/explain.ts';
import { FeatureExtractor } from '../learning/feature-extractor.ts';
import { tokenBuckets } from '../learning/feature-layout.ts';
import { attackFromTemplate } from './attack-grammar.ts';
import { Random } from './random.ts';

/** Families of attacks, as shapes of the attack grammar. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  'condition that is always true': [
    '<lead><q>~or~<n>=<n><end>',
    '<lead><q>~or~<q>a<q>=<q>a',
    '<n>~or~<n>=<n>',
  ],
  'blind condition': [
    '<lead><q>~and~ascii(substring((<sub>),<n>,1))><n><end>',
    '<n>~and~(<sub>)=<s>',
    '<lead><q>~and~exists(<sub>)<end>',
  ],
  delay: [
    '<lead><q>~and~<delay><end>',
    '<n>~or~<delay>',
    "<lead><q>;waitfor~delay~'0:0:<n>'<end>",
    '<lead><q>||<delay>||<q>',
  ],
  'UNION SELECT': [
    '<lead><q>~<kind>~<is><from><end>',
    '<n>~<kind>~<is><from>',
    '<lead><q>)~<kind>~<is><end>',
  ],
  'error that tells data': [
    '<lead><q>~and~extractvalue(1,concat(0x7e,(<sub>)))<end>',
    '<lead><q>~and~1=cast((<sub>)~as~int)<end>',
    '<n>~and~updatexml(1,concat(0x7e,(<sub>)),1)',
  ],
  'further statement': ['<lead><q>;<stacked><end>', '<n>;<stacked>', '<lead><q>);<stacked><end>'],
  'comment that cuts off the rest': ['<lead><q><end>', '<lead><q>)<end>', '<lead><q>--', '<lead><q>#'],
  'expression attached to a string': [
    '<lead><q>||(<sub>)||<q>',
    '<lead><q>+(<sub>)+<q>',
    '<lead><q>||<i>||<q>',
  ],
  'columns counted': [
    '<lead><q>~order~by~<n><end>',
    '<n>~order~by~<n><end>',
    '<lead><q>~group~by~<c>~having~1=1<end>',
  ],
  'files and commands': [
    '<lead><q>~union~select~<i>~into~outfile~<s><end>',
    '<lead><q>;copy~x~from~program~<s><end>',
    '<lead><q>;exec~master..xp_cmdshell~<s><end>',
    "<lead><q>~and~load_file('/etc/passwd')<end>",
  ],
  'JSON operators': [
    '<lead><q>~or~<q>{"a":1}<q>::jsonb~@>~<q>{"a":1}<q><end>',
    '<lead><q>~or~json_length(<q>{}<q>)<=<n><end>',
  ],
};
const perShape = 60;
/** N-grams that are kept of a family. */
const kept = 24;
const smoothing = 0.03;
const digits = 100;

/**
 * What tells the families apart: of each the n-grams of tokens that are frequent in it and rare in the others, with their
 * log-odds. Made of the grammar alone.
 * @returns a few kilobytes; nothing of the data is in it
 */
export function attackFamilies(seed: number): Families {
  const extractor = new FeatureExtractor('values');
  const random = new Random(seed);
  const frequencies = new Map<string, Float64Array>();
  for (const [family, templates] of Object.entries(shapes)) {
    const frequency = new Float64Array(tokenBuckets);
    for (const template of templates) {
      for (let count = 0; count < perShape; count += 1) {
        const [whole] = extractor.extract(attackFromTemplate(template, random));
        for (const bucket of whole!.indices) {
          if (bucket < tokenBuckets) frequency[bucket]! += 1 / (perShape * templates.length);
        }
      }
    }
    frequencies.set(family, frequency);
  }
  const out: Record<string, Record<string, number>> = {};
  for (const [family, own] of frequencies) {
    const odds = Array.from(own, (share, bucket) => {
      let others = 0;
      for (const [name, frequency] of frequencies) if (name !== family) others += frequency[bucket]!;
      return {
        bucket,
        share,
        weight: Math.log((share + smoothing) / (others / (frequencies.size - 1) + smoothing)),
      };
    });
    const best = odds.sort((a, b) => b.share * b.weight - a.share * a.weight).slice(0, kept);
    // Scaled so that an attack of the family has 1 on average.
    const mean = best.reduce((sum, { share, weight }) => sum + share * weight, 0);
    out[family] = Object.fromEntries(
      best.map(({ bucket, weight }) => [bucket, Math.round((weight / mean) * digits) / digits]),
    );
  }
  return out;
}
