import assert from 'node:assert/strict';
import { FeatureExtractor } from '../../../actors/sentinel/learning/feature-extractor.ts';
import { buckets, statistics } from '../../../actors/sentinel/learning/feature-layout.ts';
import { statementFacts } from '../../../actors/sentinel/learning/statement-fact-names.ts';
import { allAttacks } from '../support/attacks.ts';
import { honest } from '../support/honest.ts';

const texts = [
  ...allAttacks.map(({ text }) => text),
  ...Object.values(honest).flat(),
  '',
  ' ',
  '\0',
  '%',
  '\ud835',
];
const mostWindows = 60;

const hostile: Readonly<Record<string, string>> = {
  'half payloads': "1 or 'a (b,2.5) union x; ".repeat(41_944),
  'one letter': 'a'.repeat(1_000_000),
  'open comments': "/*'".repeat(340_000),
  'comments with quotes': "/*'*/".repeat(200_000),
  'encoded quotes': '%27'.repeat(340_000),
  brackets: '('.repeat(1_000_000),
  keywords: 'union select '.repeat(80_000),
  dollars: '$a'.repeat(500_000),
  'different words': Array.from({ length: 150_000 }, (_, at) => at.toString(36)).join(' '),
};

describe('features', () => {
  for (const kind of ['values', 'statements'] as const) {
    it(`are the same for the same text, whatever was read before (${kind})`, () => {
      const used = new FeatureExtractor(kind);
      const first = texts.map((text) => used.extract(text));
      const again = texts.toReversed().map((text) => used.extract(text));
      assert.deepEqual(again.toReversed(), first);
      for (const [at, text] of texts.slice(0, 20).entries()) {
        assert.deepEqual(new FeatureExtractor(kind).extract(text), first[at]);
      }
    });

    it(`name each bucket once, in order, and keep statistics within bounds (${kind})`, () => {
      const extractor = new FeatureExtractor(kind);
      for (const text of [...texts, ...Object.values(hostile)]) {
        for (const window of extractor.extract(text)) {
          assert.ok(
            window.indices.every(
              (bucket, at) => bucket >= 0 && bucket < buckets && !(bucket <= (window.indices[at - 1] ?? -1)),
            ),
          );
          assert.equal(
            window.statistics.length,
            statistics.length + (kind === 'statements' ? statementFacts.length : 0),
          );
          assert.ok(
            window.statistics.every((value) => value >= -1 && value <= 2.5),
            text.slice(0, 40),
          );
          assert.ok(window.scale > 0 && window.scale <= 1);
        }
      }
    });

    for (const [name, text] of Object.entries(hostile)) {
      it(`of a megabyte of ${name} are bounded (${kind})`, () => {
        const windows = new FeatureExtractor(kind).extract(text);
        assert.ok(windows.length >= 1 && windows.length <= mostWindows, String(windows.length));
        assert.ok(windows.every(({ indices }) => indices.length < 12_000));
      });
    }
  }

  it('see the same in an encoded value as in the plain one', () => {
    const extractor = new FeatureExtractor('values');
    const plain = extractor.extract("1' or 1=1 -- ")[0]!;
    for (const encoded of [
      '1%27 or 1%3d1 -- ',
      '1%2527 or 1=1 -- ',
      '1&#39; or 1=1 -- ',
      '1\\u0027 or 1=1 -- ',
      '1＇ or 1＝1 -- ',
    ]) {
      assert.deepEqual(extractor.extract(encoded)[0]!.indices, plain.indices, encoded);
    }
  });

  it('have a view in which fragments are joined across comments', () => {
    const extractor = new FeatureExtractor('values');
    const joined = extractor.extract('1 union select 2')[0]!;
    const views = extractor.extract('1 un/**/ion sel/**/ect 2');
    assert.ok(views.length > 1);
    assert.ok(
      views.some(({ indices }) => Buffer.from(indices.buffer).equals(Buffer.from(joined.indices.buffer))),
    );
  });

  it('reach a payload in the middle of a long text', () => {
    const extractor = new FeatureExtractor('values');
    const payload = "x' union select password from users -- ";
    const filler = 'the quick brown fox jumps over a lazy dog. '.repeat(1500);
    const alone = new Set(extractor.extract(payload)[0]!.indices);
    const best = Math.max(
      ...extractor
        .extract(filler + payload + filler)
        .map(({ indices }) => [...indices].filter((bucket) => alone.has(bucket)).length),
    );
    assert.ok(best > alone.size * 0.8, `${best} of ${alone.size}`);
  });
});
