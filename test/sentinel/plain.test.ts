import assert from 'node:assert/strict';
import { isPlain } from '../../actors/sentinel/inspect/is-plain.ts';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { attackValue } from '../../actors/sentinel/training/attack-grammar.ts';
import { mutateAttack } from '../../actors/sentinel/training/mutate-attack.ts';
import { Random } from '../../actors/sentinel/training/random.ts';
import { allAttacks } from './support/attacks.ts';
import { encodings, spellings } from './support/mutations.ts';

const sentences = [
  'The quick brown fox jumps over the lazy dog.',
  "It's not where you're from, it's where you're at!",
  'Dear Ms O’Hara (and family), see you in 2026',
  'Where is the group that meets by the river?',
  'Delivery to 12 Baker Street, Flat 3: please call before 10am',
  'cats and dogs or birds',
  'Ein Wörterbuch für alle, die Übung brauchen',
  '東京都 渋谷区',
  'rock%20and%20roll%2C%20please',
  'Caf%C3%A9 au lait',
  'up to 50% off all shoes',
  '',
] as const;

/** Not for the filter to let through, honest or not. */
const others = [
  "x' or y",
  "dogs' and cats",
  'say "yes" or "no"',
  '1 or 1',
  'x or true',
  'or x like y',
  'a b; drop table c',
  'x -- y',
  'x /* y */',
  'sleep (5)',
  'sleep(5)',
  'select a from b',
  'union all',
  'name is null',
  'x order by y',
  'x%27 or y',
  'x%2527 or y',
  'x ＇ or y',
  "n'or'm",
  'x or 0x41',
  '(x) or (1)',
  'x) or (y',
  '1or 1',
  'a::int',
  'a%3A%3Aint',
  'x for update',
  'x returning y',
  'pg_user of x',
  `${'word '.repeat(2000)}`,
] as const;

describe('the filter for plain sentences', () => {
  for (const text of sentences) it(`lets through: ${text}`, () => assert.equal(isPlain(text), true));
  for (const text of others) {
    it(`does not let through: ${text.slice(0, 40)}`, () => assert.equal(isPlain(text), false));
  }

  it('lets no attack of the tests through, however it is written', () => {
    const texts = allAttacks.map(({ text }) => text);
    const ways = [...Object.values(encodings), ...Object.values(spellings), (text: string) => text];
    const through = ways.flatMap((write) => texts.map((text) => write(text))).filter(isPlain);
    assert.deepEqual(through, []);
  });

  it('lets nothing through in which a signature finds something', () => {
    const guard = new SqlGuard();
    const random = new Random(31);
    const through: string[] = [];
    for (let count = 0; count < 5000; count += 1) {
      const attack = attackValue(random);
      for (const text of [attack, mutateAttack(attack, random)]) {
        if (isPlain(text) && guard.inspect(text, 'query').score > 0) through.push(text);
      }
    }
    assert.deepEqual(through, []);
  });
});
