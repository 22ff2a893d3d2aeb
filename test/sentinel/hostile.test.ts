import assert from 'node:assert/strict';
import { inspectRequest } from '../../actors/sentinel/inspect/inspect-request.ts';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { facts, jsonString } from './support/judge.ts';

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

  // Seconds of the processor where a quadratic step would take minutes: these bounds decide nothing else.
  const capMs = 10_000;
  const requests: Readonly<Record<string, Parameters<typeof facts>[0]>> = {
    'half a million parameters': { query: 'a&'.repeat(500_000) },
    'as many with a quote': { query: "'a&".repeat(300_000) },
    'a parameter of signs of equality': { query: "'=".repeat(500_000) },
    'a path of slashes': { path: "/'".repeat(500_000) },
    'a cookie of semicolons': { headers: { cookie: "';".repeat(500_000) } },
    'a referer of question marks': { headers: { referer: "?'&".repeat(300_000) } },
    'a form': {
      body: "a'=&".repeat(250_000),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    'a list of half a million strings': {
      json: { kind: 'array', source: '', items: Array.from({ length: 500_000 }, () => jsonString("a'b c")) },
    },
    'a megabyte of everything': {
      query: Object.values(inputs)
        .map((make) => make(50_000))
        .join(' '),
    },
  };
  for (const [what, request] of Object.entries(requests)) {
    it(`as ${what} is inspected in seconds`, () => {
      const started = process.threadCpuUsage();
      inspectRequest(new SqlGuard(), facts(request));
      const { user, system } = process.threadCpuUsage(started);
      assert.ok((user + system) / 1000 < capMs);
    });
  }
});
