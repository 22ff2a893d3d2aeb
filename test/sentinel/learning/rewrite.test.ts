import assert from 'node:assert/strict';
import { fuzzAttack } from '../../../actors/sentinel/training/fuzz-attack.ts';
import { Random } from '../../../actors/sentinel/training/random.ts';
import { rewriteAttack } from '../../../actors/sentinel/training/rewrite-attack.ts';
import { allAttacks } from '../support/attacks.ts';

const starts = ["1' or 1=1 -- ", "1' union select 1,2 from users#", "x' and 'a'='a", '1 and sleep(5)'];

describe('rewriting of attacks', () => {
  it('is the same for the same seed, and finds many ways', () => {
    const rewritten = (): string[] => {
      const random = new Random(4);
      return allAttacks.map(({ text }) => rewriteAttack(text, random, 3));
    };
    assert.deepEqual(rewritten(), rewritten());
    const random = new Random(5);
    assert.ok(new Set(Array.from({ length: 400 }, () => rewriteAttack(starts[0]!, random, 2))).size > 150);
  });

  it('keeps the quotes of a break-out, and what stands in front of it', () => {
    const random = new Random(6);
    for (let count = 0; count < 500; count += 1) {
      for (const start of starts) {
        const text = rewriteAttack(start, random, 1 + random.below(20));
        assert.equal(text.includes("'"), start.includes("'"), text);
        if (start.startsWith("1'")) assert.match(text, /^1'/);
        if (start.startsWith("x'")) assert.match(text, /^x'/i);
      }
    }
  });

  it('never ends the comment that cuts off the rest', () => {
    const random = new Random(7);
    for (let count = 0; count < 500; count += 1) {
      const text = rewriteAttack("1' or 1=1 -- ", random, 1 + random.below(20));
      assert.match(text.replace(/.*--(?=\s)/s, '--'), /^-- [^\n]*$/, JSON.stringify(text));
    }
  });

  it('is searched until nothing is found any more', () => {
    const calls: string[] = [];
    const { fitness } = fuzzAttack(
      "1' or 1=1 -- ",
      (text) => {
        calls.push(text);
        return 40 - text.length;
      },
      { rounds: 50, mutants: 10 },
      new Random(1),
    );
    assert.ok(fitness <= 0);
    assert.ok(calls.length <= 501);
  });
});
