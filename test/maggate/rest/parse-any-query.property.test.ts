import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RestError } from '../../../extensions/maggate/dialects/rest/rest-error.ts';
import { parse } from './parse-request.ts';

describe('MagGate: /rest/v1 with any query', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'select',
        'order',
        'and',
        'or',
        'not',
        'limit',
        'offset',
        'columns',
        'on_conflict',
        'id',
        'eq',
        'in',
      ],
      ...[
        'is',
        'fts',
        'any',
        'count()',
        'sum()',
        '...',
        '->',
        '->>',
        '::',
        '!',
        'inner',
        '=',
        '&',
        '.',
        ',',
        '(',
      ],
      ...[
        ')',
        '"',
        '\\',
        '-',
        ':',
        '*',
        '{',
        '}',
        ' ',
        '%',
        '%00',
        '%41',
        '+',
        ';',
        'é',
        '1',
        '-1',
        '\t',
        '\n',
      ],
    ),
    fc.string({ maxLength: 3 }),
  );
  const query = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('is parsed or refused by an error of the dialect', () => {
    fc.assert(
      fc.property(
        query,
        fc.constantFrom('/t?', '/rpc/f?', '/t?select=', '/t?or=', '/t?order=', '/t?a='),
        (text, url) => {
          try {
            const { query: parsed } = parse(url + text);
            assert.equal(typeof parsed.canonical, 'string');
          } catch (error) {
            assert.ok(error instanceof RestError, String(error));
            assert.ok(error.details === null || error.details !== 'unknown parse error');
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is read in time that grows with its length', () => {
    // Reading 20 kB takes milliseconds; with steps in the square of the length it would be minutes.
    const long = 10_000;
    for (const text of [
      `select=${'a,'.repeat(long)}`,
      `select=${'"'.repeat(long)}`,
      `select=${'a-'.repeat(long)}`,
      `select=a${'->a'.repeat(long)}!`,
      `order=${'a(b),'.repeat(long)}`,
      `order=${' '.repeat(long)}`,
      `or=(${'a.eq.1,'.repeat(long)}`,
      `or=(a.in.(${'"a",'.repeat(long)}`,
      `or=(a.cs.${'{'.repeat(long)}`,
      `a=in.(${'\\"'.repeat(long)}`,
      `${'a.'.repeat(long)}=eq.1`,
      'a=eq.1&'.repeat(long),
      `limit=${' '.repeat(long)}x`,
      `a=${'%'.repeat(long)}%FF`,
    ]) {
      try {
        parse(`/t?${text}`);
      } catch (error) {
        assert.ok(error instanceof RestError, String(error));
      }
    }
  });
});
