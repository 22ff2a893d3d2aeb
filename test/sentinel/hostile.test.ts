import assert from 'node:assert/strict';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';

/** Inputs made to be slow: each of `size` characters. */
const inputs: Readonly<Record<string, (size: number) => string>> = {
  apostrophes: (size) => "'".repeat(size),
  'opening brackets': (size) => '('.repeat(size),
  'opened comments': (size) => '/*'.repeat(size / 2),
  'closed comments': (size) => '/**/'.repeat(size / 4),
  'line comments': (size) => '--\n'.repeat(size / 3),
  'line comments without an end': (size) => '--#'.repeat(size / 3),
  keywords: (size) => 'union select or and '.repeat(size / 20),
  'half payloads': (size) => "1 or 'a".repeat(size / 7),
  'queries without an end': (size) => 'select a from '.repeat(size / 14),
  'open functions': (size) => 'sleep('.repeat(size / 6),
  'percent encoding': (size) => '%27'.repeat(size / 3),
  'percent signs': (size) => '%'.repeat(size),
  'broken UTF-8': (size) => '%f0%80'.repeat(size / 6),
  entities: (size) => '&#39;'.repeat(size / 5),
  ampersands: (size) => '&aaaaaaa'.repeat(size / 8),
  'dollar signs': (size) => '$a'.repeat(size / 2),
  hyphens: (size) => 'a-'.repeat(size / 2),
  dots: (size) => 'a.'.repeat(size / 2),
  'plus signs': (size) => 'a+'.repeat(size / 2),
  'combining marks': (size) => '\u0327\u0301'.repeat(size / 2),
  'full width': (size) => '＇ｏｒ'.repeat(size / 3),
  'version comments': (size) => '/*!50000'.repeat(size / 8),
};

const views = 4;

describe('hostile input', () => {
  for (const [what, make] of Object.entries(inputs)) {
    it(`of ${what} costs no more than its length allows`, () => {
      const guard = new SqlGuard();
      const work = (size: number): number => {
        const before = guard.parameters.tokensRead;
        guard.inspect(make(size), 'query');
        return guard.parameters.tokensRead - before;
      };
      for (const size of [1_000, 10_000, 1_000_000]) {
        const tokens = work(size);
        assert.ok(tokens <= views * size + 16, `${tokens} tokens for ${size} characters`);
      }
      // The automaton is as large as the signatures make it, not as the input is.
      assert.ok(guard.parameters.states < 16_384, `${guard.parameters.states} states`);
    });

    it(`of ${what} in a body is not read to its end`, () => {
      const guard = new SqlGuard();
      guard.inspect(`x ${make(1_000_000)}`, 'body');
      assert.ok(guard.bodies.tokensRead <= views * 65_536, `${guard.bodies.tokensRead} tokens`);
    });
  }

  it('of a megabyte of everything is judged within a second even on a busy machine', () => {
    const guard = new SqlGuard();
    const parts = Object.values(inputs).map((make) => make(50_000));
    const started = performance.now();
    guard.inspect(parts.join(' ').slice(0, 1_000_000), 'query');
    assert.ok(performance.now() - started < 1_000);
  });
});
