import assert from 'node:assert/strict';
import { allAttacks } from './support/attacks.ts';
import { encode, facts, isBlocked } from './support/judge.ts';
import { encodings, spellings } from './support/mutations.ts';

const texts = allAttacks.map(({ text }) => text);

describe('an attack stays an attack however it is written', () => {
  for (const [how, mutate] of Object.entries(encodings)) {
    it(`with ${how}`, () => {
      const missed = texts.filter((text) => !isBlocked(facts({ query: `id=${mutate(text)}` })));
      assert.deepEqual(missed, []);
    });
  }

  for (const [how, mutate] of Object.entries(spellings)) {
    it(`with ${how}`, () => {
      const missed = texts.filter((text) => !isBlocked(facts({ query: `id=${encode(mutate(text))}` })));
      assert.deepEqual(missed, []);
    });
  }

  for (const padding of [8, 32, 128]) {
    const size = padding * 1024;
    const paddings: Readonly<Record<string, string>> = {
      blanks: ' '.repeat(size),
      'one long word': 'a'.repeat(size),
      'one long number': '1'.repeat(size),
      words: 'lorem ipsum '.repeat(size / 12),
      'a comment': `/*${'x'.repeat(size)}*/`,
      'encoded zero bytes': '%00'.repeat(size / 3),
    };
    for (const [what, pad] of Object.entries(paddings)) {
      it(`behind ${padding} KB of ${what}`, () => {
        const payloads = ["' or 1=1 -- ", "x' union select null,null -- ", "x'; drop table members -- "];
        const missed = payloads.filter(
          (text) =>
            !isBlocked(facts({ query: `id=${pad.startsWith('%') ? pad : encode(pad)}${encode(text)}` })),
        );
        assert.deepEqual(missed, []);
      });
    }
  }
});
