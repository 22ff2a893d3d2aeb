import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseJson } from '../../actors/cpu/parse-json.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { JsonText } from '../../runtime/protocol/json-text.ts';

/** text → code, and what the message must say */
const refused: readonly [string, string, string?][] = [
  ['', 'MF101', 'found the end of the text'],
  [' ', 'MF101'],
  ['{', 'MF101', 'a key in double quotes'],
  ['{"a"', 'MF101', '":" after the key'],
  ['{"a":}', 'MF101', 'line 1, column 6'],
  ['{"a":1,}', 'MF101', 'column 8'],
  ['{,}', 'MF101'],
  ['{a:1}', 'MF101'],
  ["{'a':1}", 'MF101'],
  ['[1,]', 'MF101'],
  ['[1 2]', 'MF101', '"," or "]"'],
  ['[', 'MF101'],
  [']', 'MF101'],
  ['nul', 'MF101'],
  ['True', 'MF101'],
  ['undefined', 'MF101'],
  ['NaN', 'MF101'],
  ['Infinity', 'MF101'],
  ['01', 'MF101'],
  ['-01', 'MF101'],
  ['1.', 'MF101'],
  ['.5', 'MF101'],
  ['+1', 'MF101'],
  ['-', 'MF101'],
  ['1e', 'MF101'],
  ['1e+', 'MF101'],
  ['0x10', 'MF101'],
  ['1_000', 'MF101'],
  ['"', 'MF101', 'a closing quote'],
  ['"a', 'MF101'],
  ['"\n"', 'MF101', 'escaped'],
  ['"a\\"', 'MF101'],
  ['"\\x41"', 'MF101', 'a valid escape'],
  ['"\\u12"', 'MF101'],
  ['"\\u12G4"', 'MF101'],
  ['"\\ud800"', 'MF101', 'whole surrogate pairs'],
  ['"\\udc00\\ud800"', 'MF101'],
  ['1 2', 'MF101', 'nothing more after the value'],
  ['{} {}', 'MF101'],
  ['// a comment\n1', 'MF101'],
  ['1 // a comment', 'MF101'],
  ['\u00a01', 'MF101'],
  ['\f1', 'MF101'],
  ['\ufeff1', 'MF101'],
  ['{"a":1,\n  "b": x}', 'MF101', 'line 2, column 8'],
  ['["😀", x]', 'MF101', 'column 7'],
  ['{"a":1,"a":2}', 'MF102', 'line 1, column 8'],
  ['{"a":1,"\\u0061":2}', 'MF102'],
  ['{"x":[{"__proto__":1,"__proto__":2}]}', 'MF102'],
  [`${'['.repeat(65)}${']'.repeat(65)}`, 'MF101', 'at most 64 levels'],
  ['['.repeat(100_000), 'MF101', 'at most 64 levels'],
];

describe('the JSON parser', () => {
  for (const [text, code, says] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))} with ${code}${says === undefined ? '' : `: ${says}`}`, () => {
      assert.throws(
        () => parseJson(text),
        (error) =>
          error instanceof MagFlockError && error.code === code && error.message.includes(says ?? ''),
      );
    });
  }

  it('keeps what JSON.parse loses', () => {
    const document = '{"big": 9007199254740993, "exact": 1.10, "tiny": 1e-400, "minus": -0}';
    const parsed = parseJson(document);
    assert.equal(parsed.kind, 'object');
    const sources = parsed.kind === 'object' ? [...parsed.entries.values()].map((value) => value.source) : [];
    assert.deepEqual(sources, ['9007199254740993', '1.10', '1e-400', '-0']);
    assert.equal(parsed.source, document);
  });

  it('takes 64 levels', () => {
    assert.equal(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`).kind, 'array');
  });

  it('treats inherited names as ordinary keys', () => {
    const parsed = parseJson('{"__proto__":{"admin":true},"constructor":1,"toString":null}');
    assert.deepEqual(parsed.kind === 'object' && [...parsed.entries.keys()], [
      '__proto__',
      'constructor',
      'toString',
    ]);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });

  it('reads every document that JSON.parse reads, and reads the same', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 1, 2, '\t'), (document, indent) => {
        const text = JSON.stringify(JSON.parse(document), null, indent);
        const parsed = parseJson(text);
        assert.deepEqual(plain(parsed), JSON.parse(text));
        assert.equal(parsed.source, text);
      }),
    );
  });

  it('agrees with JSON.parse on which texts are JSON', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\\"',
        '\\u00e9',
        '\\n',
        '1',
        '0',
        '-',
        '.',
        'e',
        '+',
        'true',
        'null',
        ' ',
        '\n',
        'a',
        'é',
        '😀',
        '\u0000',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        assert.equal(
          codeOf(() => parseJson(text)) === undefined,
          codeOf(() => JSON.parse(text)) === undefined,
          text,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps the source of every value where it stands in the text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        for (const value of everyValue(parseJson(text)))
          assert.deepEqual(plain(value), JSON.parse(value.source));
      }),
    );
  });

  it('needs less than 20 µs of CPU for a kilobyte, or five times what JSON.parse needs on a slow machine', () => {
    const row = {
      id: 123456,
      name: 'For Those About To Rock',
      price: 0.99,
      tags: ['rock', 'live'],
      sold: null,
      note: 'a "quoted" word',
    };
    const text = JSON.stringify(Array.from({ length: 8 }, () => row));
    assert.ok(text.length > 900 && text.length < 1_200, `${text.length}`);
    const ours = microseconds(() => parseJson(text));
    const yardstick = microseconds(() => JSON.parse(text));
    assert.ok(
      ours < Math.max(20, 5 * yardstick),
      `${ours.toFixed(1)} µs, JSON.parse ${yardstick.toFixed(1)} µs`,
    );
  });
});

/** CPU time of one call: the best of several tries, since other work of the machine only ever makes it slower. */
function microseconds(work: () => unknown): number {
  const rounds = 2_000;
  const tries = Array.from({ length: 10 }, () => {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / rounds;
  });
  return Math.min(...tries);
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    // A duplicate key is JSON to JSON.parse; it is ours to refuse.
    return error instanceof MagFlockError && error.code === 'MF102' ? undefined : 'refused';
  }
}

/** What JSON.parse would have made of it; `__proto__` stays an own key. */
function plain(value: JsonText): unknown {
  switch (value.kind) {
    case 'object':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry)]));
    case 'array':
      return value.items.map(plain);
    case 'string':
      return value.value;
    case 'number':
      return Number(value.source);
    default:
      return { null: null, true: true, false: false }[value.kind];
  }
}

function everyValue(value: JsonText): JsonText[] {
  if (value.kind === 'array') return [value, ...value.items.flatMap(everyValue)];
  if (value.kind === 'object') return [value, ...[...value.entries.values()].flatMap(everyValue)];
  return [value];
}
