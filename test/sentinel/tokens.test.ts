import assert from 'node:assert/strict';
import { UnitBuffer } from '../../actors/sentinel/normalise/unit-buffer.ts';
import { tokenClasses } from '../../actors/sentinel/tokens/token-class.ts';
import { TokenScanner } from '../../actors/sentinel/tokens/token-scanner.ts';

const buffer = new UnitBuffer();
const scanner = new TokenScanner();

/** Names of the tokens of a value without START and END, read in pieces of `size`. */
function tokens(text: string, size = 64): string {
  const into = new Uint8Array(size);
  const names: string[] = [];
  buffer.load(text);
  scanner.reset(buffer.units, buffer.length, true);
  for (let count = scanner.fill(into); count > 0; count = scanner.fill(into)) {
    for (const code of into.subarray(0, count)) names.push(tokenClasses[code]!);
  }
  assert.equal(names.shift(), 'START');
  assert.equal(names.pop(), 'END');
  return names.join(' ');
}

const rows: readonly (readonly [text: string, expected: string])[] = [
  ['', ''],
  ["1' or 1=1-- -", 'NUM SQ1 OR NUM EQ SAME DASH2 MINUS'],
  ["a'or'1'='1", 'WORD SQ1 OR SQ2 NUM SQ1 EQ SQ2 NUM'],
  ["O'Brien", 'WORD'],
  ["the boys' team", 'WORD WORD SQ1 WORD'],
  ["Côte d'Or", 'WORD WORD SQ1 OR'],
  ['out-and-out lie', 'WORD WORD'],
  ['me@example.org', 'WORD'],
  ['2026-01-02 12:30:00', 'NUM NUM'],
  ['1union select', 'NUM UNION SELECT'],
  ['1.e2and 2nd 7zip', 'NUM AND WORD WORD'],
  ['0x1F', 'HEX'],
  ['7=7 7=8 a like A', 'NUM EQ SAME NUM EQ NUM WORD LIKE SAME'],
  ['7--61--metal', 'NUM DASH_WORD NUM DASH_WORD WORD'],
  ["x'--y", 'WORD SQ1 CUT WORD'],
  ['a --flag', 'WORD DASH_FLAG WORD'],
  ['a -- b --- c – d', 'WORD DASH2 WORD RULE WORD RULE WORD'],
  ['#5 # x', 'HASHTAG NUM HASH WORD'],
  ['un/**/ion a/* b */c', 'WORD WORD WORD WORD'],
  ['1/*!50000union*/', 'NUM UNION'],
  ['1 /* open', 'NUM COPEN WORD'],
  ['a */ b', 'WORD CCLOSE WORD'],
  ["'a'::text = $$b$$", 'SQ1 WORD SQ2 EQ DOLLAR WORD DOLLAR'],
  ['$1 $name', 'DOLLAR_NAME DOLLAR_NAME'],
  ['@a @@version @>', 'VAR SYSVAR JSONOP'],
  ['version version() version (one)', 'WORD F_INFO LP RP WORD LP WORD RP'],
  ['sleep (5) user', 'SLEEP LP NUM RP OBJECT'],
  ['sleep (5 hours)', 'WORD LP NUM WORD RP'],
  ['information_schema.tables pg_anything mysql.user', 'SYSTEM SYSTEM SYSTEM'],
  ['master..xp_cmdshell sp_foo', 'XP SP'],
  ['foo(1)', 'CALL LP NUM RP'],
  ['a->b ->> <> <=> != !~ || && ?', 'WORD JSONOP WORD JSONOP NE EQ NE TILDE PIPE2 AMP2 QM'],
  ['=== == = => =~', 'EQ2 EQ2 EQ ARROW OTHER'],
  ['\\N \\n', 'NULL WORD'],
  ['(((((', 'LP LP LP'],
  ['a a a a a b', 'WORD WORD WORD WORD'],
  ["''''", 'SQ1 SQ2 SQ1 SQ2'],
];

describe('tokens', () => {
  for (const [text, expected] of rows) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(tokens(text), expected));
  }

  it('are the same however small the pieces are in which they are read', () => {
    for (const [text] of rows) assert.equal(tokens(text, 3), tokens(text), text);
  });

  it('do not depend on what was read before', () => {
    tokens("x' /*!50000 a /* '");
    assert.equal(tokens("'a' */ 1"), 'SQ1 WORD SQ2 CCLOSE NUM');
  });
});
