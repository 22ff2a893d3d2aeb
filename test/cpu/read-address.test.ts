import assert from 'node:assert/strict';
import { readAddress } from '../../actors/cpu/read-address.ts';

const domain = 'example.org';

/** target, host, domain → project, path, query, known */
const rows: readonly [string, string | undefined, string | null, string, string, string, boolean][] = [
  ['/api/track', 'localhost:8080', null, 'main', '/api/track', '', true],
  ['/api/track?a=1&b=%20', 'localhost', null, 'main', '/api/track', 'a=1&b=%20', true],
  ['/api/track?', 'localhost', null, 'main', '/api/track', '', true],
  ['/api?a=?b', 'localhost', null, 'main', '/api', 'a=?b', true],
  ['/api#fragment', 'localhost', null, 'main', '/api', '', true],
  ['/api?a=1#fragment', 'localhost', null, 'main', '/api', 'a=1', true],
  ['/', undefined, null, 'main', '/', '', true],
  ['/p/shop/api/track', 'localhost', null, 'shop', '/api/track', '', true],
  ['/p/shop', 'localhost', null, 'shop', '/', '', true],
  ['/p/shop/', 'localhost', null, 'shop', '/', '', true],
  ['/p/shop?x=1', 'localhost', null, 'shop', '/', 'x=1', true],
  ['/p/main/api', 'localhost', null, 'main', '/api', '', true],
  [`/p/${'a'.repeat(40)}/api`, 'localhost', null, 'a'.repeat(40), '/api', '', true],
  [`/p/${'a'.repeat(41)}/api`, 'localhost', null, 'main', `/p/${'a'.repeat(41)}/api`, '', false],
  ['/p/Shop/api', 'localhost', null, 'main', '/p/Shop/api', '', false],
  ['/p/sh%6fp/api', 'localhost', null, 'main', '/p/sh%6fp/api', '', false],
  ['/p//api', 'localhost', null, 'main', '/p//api', '', false],
  ['/p/../api', 'localhost', null, 'main', '/p/../api', '', false],
  ['/product', 'localhost', null, 'main', '/product', '', true],
  ['/api', 'shop.example.org', domain, 'shop', '/api', '', true],
  ['/api', 'SHOP.Example.ORG:8080', domain, 'shop', '/api', '', true],
  ['/api', 'shop.example.org.', domain, 'shop', '/api', '', true],
  ['/api', 'example.org', domain, 'main', '/api', '', true],
  ['/api', 'evilexample.org', domain, 'main', '/api', '', true],
  ['/api', 'shop.example.org.evil.net', domain, 'main', '/api', '', true],
  ['/api', 'a.b.example.org', domain, 'main', '/api', '', false],
  ['/api', '-.example.org', domain, 'main', '/api', '', false],
  ['/api', '127.0.0.1:8080', domain, 'main', '/api', '', true],
  ['/api', 'shop.example.org', null, 'main', '/api', '', true],
  ['/p/shop/api', 'shop.example.org', domain, 'shop', '/api', '', true],
  ['/p/other/api', 'shop.example.org', domain, 'main', '/p/other/api', '', false],
  ['/p/other/api', 'example.org', domain, 'other', '/api', '', true],
  ['*', 'localhost', null, 'main', '*', '', true],
];

describe('the address of a request', () => {
  for (const [target, host, under, project, path, query, known] of rows) {
    it(`${target} at ${host ?? 'no host'}${under === null ? '' : ` below ${under}`} is ${known ? project : 'no project'}`, () => {
      const { base, ...address } = readAddress(target, host, under);
      assert.deepEqual(address, { project, path, query, known });
      assert.equal(base, known && target.startsWith('/p/') ? `/p/${project}` : '');
    });
  }
});
