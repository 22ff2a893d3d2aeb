import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type PatternNode, parsePattern } from '../../actors/sentinel/automaton/parse-pattern.ts';
import { TokenAutomaton } from '../../actors/sentinel/automaton/token-automaton.ts';
import { tokenClasses, tokenCode } from '../../actors/sentinel/tokens/token-class.ts';

const none = new Map<string, PatternNode>();
const letters = ['WORD', 'NUM', 'SQ1', 'OR'] as const;

/** The same pattern as a JavaScript regular expression over one character per token: the reference. */
function reference(node: PatternNode): string {
  if (node.kind === 'set') {
    const members = [...node.classes].flatMap((flag, code) => (flag === 1 ? [letter(code)] : []));
    return `[${members.join('')}]`;
  }
  if (node.kind === 'repeat')
    return `(?:${reference(node.part)}){${node.from},${node.to === Infinity ? '' : node.to}}`;
  return `(?:${node.parts.map(reference).join(node.kind === 'choice' ? '|' : '')})`;
}

const letter = (code: number): string => String.fromCharCode(0x100 + code);

function matches(
  patterns: readonly PatternNode[],
  tokens: Uint8Array,
  stateLimit?: number,
): readonly number[] {
  const automaton = new TokenAutomaton(patterns, stateLimit);
  const found = new Set<number>();
  automaton.run(automaton.start, tokens, tokens.length, (numbers) => {
    for (const number of numbers) found.add(number);
    return false;
  });
  return [...found].sort();
}

const sources = [
  'WORD NUM',
  'SQ1 OR+ NUM',
  'WORD (NUM | SQ1)* OR',
  '^ WORD{0,2} SQ1',
  'OR . NUM $',
  '!(WORD | OR) OR',
  'NUM{2} WORD?  OR',
  '(WORD OR)+ NUM | SQ1 SQ1',
];

describe('patterns over tokens', () => {
  it('find what a regular expression finds', () => {
    const patterns = sources.map((source) => parsePattern(source, none));
    const expressions = patterns.map((pattern) => new RegExp(reference(pattern)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 14 }), (names) => {
        const tokens = Uint8Array.from([
          tokenCode.START,
          ...names.map((name) => tokenCode[name]),
          tokenCode.END,
        ]);
        const text = [...tokens].map(letter).join('');
        const expected = expressions.flatMap((expression, number) => (expression.test(text) ? [number] : []));
        assert.deepEqual(matches(patterns, tokens), expected);
        assert.deepEqual(matches(patterns, tokens, 8), expected, 'with a table that is full at once');
      }),
      { numRuns: 500 },
    );
  });

  it('end early when all begin at the beginning and none can match any more', () => {
    const automaton = new TokenAutomaton([parsePattern('^ WORD NUM', none)]);
    const tokens = Uint8Array.from([tokenCode.START, tokenCode.OR, tokenCode.WORD]);
    assert.equal(automaton.anchored, true);
    assert.equal(
      automaton.run(automaton.start, tokens, 3, () => false),
      -1,
    );
    assert.equal(new TokenAutomaton([parsePattern('WORD', none)]).anchored, false);
  });

  const faults: readonly (readonly [source: string, message: RegExp])[] = [
    ['WROD', /no token class "WROD"/],
    ['word', /"word" is not defined/],
    ['(WORD', /bracket is not closed/],
    ['WORD)', /"\)" is not expected/],
    ['WORD &', /cannot read at/],
    ['?', /no token class|something is missing/],
    ['!(WORD NUM)', /only a choice of single tokens/],
  ];
  for (const [source, message] of faults) {
    it(`"${source}" is refused with the reason`, () => {
      assert.throws(() => parsePattern(source, none), message);
    });
  }

  it('that match nothing at all are refused', () => {
    assert.throws(() => new TokenAutomaton([parsePattern('WORD?', none)]), /matches the empty value/);
  });

  it('have no more classes than a token has room for', () => assert.ok(tokenClasses.length <= 256));
});
