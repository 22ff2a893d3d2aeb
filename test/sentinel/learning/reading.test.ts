import assert from 'node:assert/strict';
import { chooseTokenWindows } from '../../../actors/sentinel/learning/choose-token-windows.ts';
import { FeatureExtractor } from '../../../actors/sentinel/learning/feature-extractor.ts';
import type { Features } from '../../../actors/sentinel/learning/features.ts';
import { skipRepeats } from '../../../actors/sentinel/learning/skip-repeats.ts';
import { UnitBuffer } from '../../../actors/sentinel/normalise/unit-buffer.ts';
import { tokenCode as T } from '../../../actors/sentinel/tokens/token-class.ts';

const extractor = new FeatureExtractor('values');
const first = (text: string): Features => extractor.extract(text)[0]!;
const shortened = (text: string): string => {
  const buffer = new UnitBuffer();
  buffer.load(text);
  skipRepeats(buffer);
  return buffer.toString();
};

/** Ways to write the same. */
const same: readonly (readonly [string, readonly string[]])[] = [
  ["1' or 1=1 -- ", ["1' OR 1=1 -- ", "1'\tor\n1=1 --\t", "1'/**/or/*hello*/1=1/**/-- ", "1' oR 1 = 1 -- "]],
  ["1' and 1=2 and 'a'='a", ["1' and 0x1=2 and 'a'='a", "1' AND 1 = 0x2 AND 'a' = 'a"]],
  ['1 union select 2,3', ['1 UnIoN/*x*/SeLeCt 2 , 3', '1\nunion\nselect\n2,\n3']],
];
const nested = "1' or/*a/*b*/c d*/1=1 --";

/** Ways to write the same in other characters: only the tokens are alike. */
const alike: readonly (readonly [string, string])[] = [
  ['1 or 1=2', '1 || 1=2'],
  ['1 and 1=2', '1 && (select 1)=(2)'],
  ["x' or 5<>7", "x' or 5 != 7"],
  ["x' or 1=2", "x' or -1=+2"],
];

describe('values as they are read', () => {
  for (const [text, others] of same) {
    for (const other of others) {
      it(`are the same: ${JSON.stringify(text)} and ${JSON.stringify(other)}`, () => {
        assert.deepEqual(first(other).indices, first(text).indices);
      });
    }
  }

  for (const [text, other] of alike) {
    it(`have the same tokens: ${JSON.stringify(text)} and ${JSON.stringify(other)}`, () => {
      const tokens = (one: string): number[] => [...first(one).indices].filter((bucket) => bucket < 8192);
      assert.deepEqual(tokens(other), tokens(text));
    });
  }

  it('are read with comments in comments, too, as PostgreSQL has them', () => {
    const plain = first("1' or 1=1 --").indices.join();
    assert.ok(extractor.extract(nested).some(({ indices }) => indices.join() === plain));
  });

  it('lose what stood in them before, however far away', () => {
    const unit = "it's a 'fine' day (really); ";
    assert.ok(shortened(unit.repeat(4000)).length <= unit.length + 16);
    const long = `${'abc'.repeat(100)} ' or 1=1 -- `;
    assert.ok(shortened(long).endsWith(" ' or 1=1 -- "));
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at} of ${at * 7919}`).join('\n');
    assert.equal(shortened(lines), lines);
    const payload = "x' union select password from users -- ";
    assert.ok(shortened(`${lines}${payload}${lines}`).includes(payload));
  });

  it('have a window that ends where a comment cuts the rest off', () => {
    const tokens = Uint8Array.of(
      T.START,
      T.SQ1,
      T.OR,
      T.NUM,
      T.EQ,
      T.NUM,
      T.DASH2,
      ...Array<number>(12).fill(T.WORD),
      T.END,
    );
    const ends = Int32Array.from(tokens, (_, at) => at * 3);
    const windows = chooseTokenWindows(tokens, ends, tokens.length, tokens.length * 3);
    assert.deepEqual(windows[0], { first: 0, last: tokens.length });
    assert.ok(windows.some(({ last }) => last === 7));
  });

  it('have the same best window whatever is put behind a comment', () => {
    const alone = new Set(extractor.extract("1' or 1=1 --").map(({ indices }) => indices.join()));
    const windows = extractor.extract("1' or 1=1 -- and we live in a blue house by the river (ok) day.");
    assert.ok(windows.some(({ indices }) => alone.has(indices.join())));
  });
});
