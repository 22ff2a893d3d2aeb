import { equal, match, notEqual, ok, throws } from 'node:assert/strict';
import { base62 } from '../../actors/psu/base62.ts';
import { keyChecksum } from '../../actors/psu/key-checksum.ts';
import { keyPattern } from '../../actors/psu/key-pattern.ts';
import { makeKey } from '../../actors/psu/make-key.ts';
import { parseKey } from '../../actors/psu/parse-key.ts';
import { presentedKey } from '../../actors/psu/presented-key.ts';

describe('the shape of a key', () => {
  it('has prefix, project, 43 random digits and 6 of checksum', () => {
    for (const project of ['main', 'a', '0'.repeat(40)]) {
      for (const kind of ['public', 'secret'] as const) {
        const key = makeKey(kind, project);
        match(key, keyPattern);
        equal(key.length, 'ak_pub_'.length + project.length + 1 + 43 + 6);
        const parsed = parseKey(key);
        ok(parsed.problem === null);
        equal(parsed.kind, kind);
        equal(parsed.project, project);
      }
    }
  });

  it('is another one each time, over the whole alphabet', () => {
    const keys = new Set(Array.from({ length: 500 }, () => makeKey('secret', 'main')));
    equal(keys.size, 500);
    const digits = new Set([...keys].join('').replaceAll('ak_sec_main_', ''));
    equal(digits.size, 62);
  });

  it('writes numbers in base 62 with a fixed width, the largest 256-bit number too', () => {
    equal(base62(0n, 3), '000');
    equal(base62(61n, 1), 'z');
    equal(base62(62n, 3), '010');
    const largest = base62(2n ** 256n - 1n, 43);
    equal(largest.length, 43);
    equal(
      [...largest].reduce(
        (sum, digit) =>
          sum * 62n + BigInt('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(digit)),
        0n,
      ),
      2n ** 256n - 1n,
    );
    throws(() => base62(62n, 1), RangeError);
  });

  it('has the CRC-32 of ISO 3309 as checksum', () => {
    // The check value of CRC-32 for "123456789" is cbf43926.
    equal(keyChecksum('123456789'), base62(0xcbf43926n, 6));
  });

  it('tells every single changed character, and every swap of two neighbours, as a typo', () => {
    const key = makeKey('secret', 'main');
    for (let at = 'ak_sec_main_'.length; at < key.length; at++) {
      for (const digit of '09AZaz') {
        if (key[at] === digit) continue;
        equal(parseKey(key.slice(0, at) + digit + key.slice(at + 1)).problem, 'mistyped');
      }
      if (at + 1 < key.length && key[at] !== key[at + 1]) {
        const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
        equal(parseKey(swapped).problem, 'mistyped');
      }
    }
    notEqual(parseKey(key).problem, 'mistyped');
  });

  const good = makeKey('public', 'main');
  const shapes: readonly [name: string, presented: string, problem: string][] = [
    ['nothing of ours', 'hello', 'foreign'],
    ['a token of three parts', 'eyJhbGciOiJIUzI1NiJ9.e30.x', 'foreign'],
    ['another prefix', good.replace('ak_', 'sk_'), 'foreign'],
    ['an upper-case prefix', good.replace('ak_', 'AK_'), 'foreign'],
    ['a cut key', good.slice(0, -1), 'mistyped'],
    ['a key with one more', `${good}0`, 'mistyped'],
    ['a line feed at the end', `${good}\n`, 'mistyped'],
    ['an unknown kind', good.replace('_pub_', '_xyz_'), 'mistyped'],
    ['the other kind', good.replace('_pub_', '_sec_'), 'mistyped'],
    ['another project put in', good.replace('_main_', '_shop_'), 'mistyped'],
    ['an upper-case project', good.replace('_main_', '_Main_'), 'mistyped'],
    ['a project of 41', good.replace('_main_', `_${'a'.repeat(41)}_`), 'mistyped'],
    ['an empty project', good.replace('_main_', '__'), 'mistyped'],
    ['two keys joined', `${good}, ${good}`, 'mistyped'],
    ['a digit of another script', good.replace(/.$/, '٣'), 'mistyped'],
    ['only the prefix', 'ak_', 'mistyped'],
    ['sixteen kilobytes', `ak_pub_main_${'a'.repeat(16_384)}`, 'mistyped'],
  ];
  for (const [name, presented, problem] of shapes) {
    it(`knows ${name} as ${problem}`, () => equal(parseKey(presented).problem, problem));
  }
});

describe('the key of a request', () => {
  const rows: readonly [name: string, headers: Record<string, string>, expected: string | undefined][] = [
    ['no header', {}, undefined],
    ['X-API-Key', { 'x-api-key': 'a' }, 'a'],
    ['apikey', { apikey: 'b' }, 'b'],
    ['a bearer', { authorization: 'Bearer c' }, 'c'],
    ['a bearer in any case', { authorization: 'bEARER   c ' }, 'c'],
    ['X-API-Key before apikey', { apikey: 'b', 'x-api-key': 'a' }, 'a'],
    ['X-API-Key before a bearer', { authorization: 'Bearer c', 'x-api-key': 'a' }, 'a'],
    ['apikey before a bearer', { authorization: 'Bearer c', apikey: 'b' }, 'b'],
    ['a wrong first one, which counts', { 'x-api-key': 'wrong', apikey: 'b' }, 'wrong'],
    ['an empty first one, which does not', { 'x-api-key': '', apikey: 'b' }, 'b'],
    ['another scheme', { authorization: 'Basic Yjo=' }, undefined],
    ['a scheme without a key', { authorization: 'Bearer' }, undefined],
    ['two words after the scheme', { authorization: 'Bearer a b' }, undefined],
    ['spaces around', { 'x-api-key': ' a ' }, 'a'],
  ];
  for (const [name, headers, expected] of rows) {
    it(`reads ${name}`, () => equal(presentedKey(headers), expected));
  }
});
