import assert from 'node:assert/strict';
import { withOpenedComments, withoutComments } from '../../actors/sentinel/normalise/comment-views.ts';
import { normalise } from '../../actors/sentinel/normalise/normalise.ts';
import { UnitBuffer } from '../../actors/sentinel/normalise/unit-buffer.ts';
import { otherViews } from '../../actors/sentinel/normalise/views.ts';

function decoded(text: string, rounds = 2): string {
  const buffer = new UnitBuffer();
  buffer.load(text);
  normalise(buffer, rounds);
  return buffer.toString();
}

const rows: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['plain text', "it's 5 > 3", "it's 5 > 3"],
  ['percent encoding', '%27%20or', "' or"],
  ['percent encoding of lower and upper case', '%c3%9f%C3%9F', 'ßß'],
  ['double encoding', '%2527', "'"],
  ['a percent sign alone', '50% off, 100%', '50% off, 100%'],
  ['incomplete encoding', '%2 %', '%2 %'],
  ['%u', '%u0027%U0027', "''"],
  ['overlong UTF-8 of two, three and four bytes', '%C0%A7%E0%80%A7%F0%80%80%A7', "'''"],
  ['broken UTF-8 before a quote', '%bf%27', " '"],
  ['full width', '%EF%BC%87ＯＲ', "'OR"],
  ['mathematical letters', '𝐮𝐧𝐢𝐨𝐧𝟏', 'union1'],
  ['named entities', '&apos;&quot;&lpar;&equals;', '\'"(='],
  ['numbered entities', '&#39;&#x27;&#0000039', "'''"],
  ['no entity', 'a & b &amp &nothing;', 'a & b &amp &nothing;'],
  ['escapes', '\\u0027\\x27', "''"],
  ['no escape', '\\user \\x2 \\\\', '\\user \\x2 \\\\'],
  ['percent signs between letters', '%S%E%L%E%C%T', 'SELECT'],
  ['zero bytes and zero width', 'u\0n\u200bi\u2060on\ufeff', 'union'],
  ['spaces of other scripts', 'a\u00a0b\u3000c\u2003d', 'a b c d'],
  ['typographic quotes', '’“‘”´', "'\"'\"'"],
  ['superscripts', 'x²', 'x2'],
  ['the long s and the dotless i', 'ſelect ıf', 'select if'],
  ['letters of other scripts', 'Гурьев 李', 'Гурьев 李'],
  ['emoji', 'a😀b', 'a😀b'],
];

describe('normalise', () => {
  for (const [what, text, expected] of rows) {
    it(`reads ${what}`, () => assert.equal(decoded(text), expected));
  }

  it('takes off as many layers as asked for and no more', () => {
    assert.equal(decoded('%252527', 1), '%2527');
    assert.equal(decoded('%252527', 2), '%27');
    assert.equal(decoded('%252527', 3), "'");
  });

  it('forgets the value before', () => {
    const buffer = new UnitBuffer();
    buffer.load('x'.repeat(100_000));
    buffer.load('%41');
    normalise(buffer, 2);
    assert.equal(buffer.toString(), 'A');
    assert.deepEqual([...buffer.units.subarray(1, 9)], [0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('other views of a value', () => {
  it('join a word that a comment cuts', () => assert.equal(withoutComments('un/**/ion /*x*/1'), 'union  1'));
  it('end a line comment at the line break', () =>
    assert.equal(withoutComments('a --x\nb #y\nc'), 'a  b  c'));
  it('leave version comments alone', () => assert.equal(withoutComments('a/*!50000b*/c'), undefined));
  it('are none without a comment', () => assert.equal(withoutComments('a - b # c'), undefined));
  it('open a comment that hides a quote', () =>
    assert.equal(withOpenedComments("1/*!50000'or*/2"), "1  'or*/2"));
  it('leave a comment without a quote closed', () => assert.equal(withOpenedComments('1/*or*/2'), undefined));
  it('take the operator of our dialect off', () => {
    assert.deepEqual(otherViews('not.in.(1,2)'), ['(1,2)']);
    assert.deepEqual(otherViews('fts(english).cat'), ['cat']);
    assert.deepEqual(otherViews('equal.x'), []);
  });
  it('read plus signs as blanks', () => assert.deepEqual(otherViews('1+or+1'), ['1 or 1']));
});

describe('unit buffer', () => {
  it('holds a value whole, whatever length the one before had', () => {
    const buffer = new UnitBuffer();
    for (const length of [
      100_000, 8192, 70_000, 4095, 131_072, 32_000, 300, 4096, 65_535, 20_000, 66_000, 4090,
    ]) {
      const text = `${'a'.repeat(length - 1)}b`;
      buffer.load(text);
      assert.equal(buffer.toString(), text, String(length));
    }
  });
});
