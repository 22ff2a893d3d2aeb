import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { acceptsGzip } from '../../actors/cpu/accepts-gzip.ts';
import { entityTag, noneMatch } from '../../actors/cpu/entity-tag.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { rawExchange } from './raw-exchange.ts';
import { serve } from './serve.ts';

const tag = 'W/"abc"';

/** If-None-Match → not modified */
const lists: readonly [string, boolean][] = [
  ['W/"abc"', true],
  ['"abc"', true],
  ['*', true],
  [' * ', true],
  ['"x", "abc"', true],
  ['"x","abc"', true],
  ['"x" ,\tW/"abc" ,"y"', true],
  ['"x", "y"', false],
  ['abc', false],
  ['"ABC"', false],
  ['"abcd"', false],
  ['', false],
  ['"a,bc"', false],
];

/** Accept-Encoding → gzip */
const encodings: readonly [string | undefined, boolean][] = [
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['gzip, deflate, br', true],
  ['deflate, br', false],
  ['gzip;q=0', false],
  ['gzip; q=0.0', false],
  ['gzip;q=0.5', true],
  ['*', true],
  ['*;q=0', false],
  ['*;q=0, gzip', true],
  ['gzip;q=0, *', false],
  ['identity', false],
];

const long = JSON.stringify({ data: Array.from({ length: 200 }, (_, id) => ({ id, name: `Straße ${id}` })) });

describe('entity tags and compression', () => {
  for (const [list, match] of lists) {
    it(`If-None-Match: ${list} ${match ? 'covers' : 'does not cover'} ${tag}`, () =>
      assert.equal(noneMatch(list, tag), match));
  }

  for (const [header, accepted] of encodings) {
    it(`Accept-Encoding: ${header ?? '(absent)'} ${accepted ? 'takes' : 'does not take'} gzip`, () => {
      assert.equal(acceptsGzip(header), accepted);
    });
  }

  it('differ when one character of the body does', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 3_000 }), fc.nat(), (body, at) => {
        const index = at % body.length;
        const other = `${body.slice(0, index)}${body[index] === 'a' ? 'b' : 'a'}${body.slice(index + 1)}`;
        return body === other || entityTag(body) !== entityTag(other);
      }),
    );
    assert.equal(entityTag('{"id":1}'), entityTag('{"id":1}'));
  });

  it('do not collide over a hundred thousand rows that differ by a digit', () => {
    const tags = new Set(
      Array.from({ length: 100_000 }, (_, id) => entityTag(`{"data":{"id":${id},"done":false}}`)),
    );
    assert.equal(tags.size, 100_000);
  });

  it('spare the body of what the client has', async () => {
    await using served = await serve();
    const headers = { 'X-API-Key': fakeKeys.public };
    const first = await fetch(`${served.url}/api/track`, { headers });
    const entity = first.headers.get('etag') as string;
    await first.text();
    const again = await fetch(`${served.url}/api/track`, {
      headers: { ...headers, 'If-None-Match': entity },
    });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    assert.equal(again.headers.get('etag'), entity);
    assert.equal(again.headers.get('content-length'), null);
    const write = await fetch(`${served.url}/api/track/1`, {
      method: 'DELETE',
      headers: { ...headers, 'If-None-Match': '*' },
    });
    assert.equal(write.status, 204);
  });

  it('stay the same when the answer is compressed', async () => {
    await using served = await serve();
    served.fakes.onExecute = async () => ({ body: long, rows: 200, location: undefined, databaseMs: 1 });
    const get = (encoding: string) =>
      rawExchange(
        served.port,
        `GET /api/track HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: ${encoding}\r\nX-API-Key: ${fakeKeys.public}\r\n\r\n`,
      );
    const plain = parts((await get('identity')).text);
    const packed = parts((await get('gzip')).text);
    assert.equal(Buffer.from(plain.body, 'latin1').toString('utf8'), long);
    assert.equal(gunzipSync(Buffer.from(packed.body, 'latin1')).toString('utf8'), long);
    assert.match(packed.head, /Content-Encoding: gzip/);
    assert.doesNotMatch(plain.head, /Content-Encoding/);
    for (const { head, body } of [plain, packed]) {
      assert.match(head, /Vary: Accept-Encoding/);
      assert.match(head, new RegExp(`Content-Length: ${body.length}\r?$`, 'm'));
      assert.ok(head.includes(`ETag: ${entityTag(long)}`));
    }
  });

  it('a small answer is not compressed', async () => {
    await using served = await serve();
    const answer = await fetch(`${served.url}/api/track`, {
      headers: { 'X-API-Key': fakeKeys.public, 'Accept-Encoding': 'gzip' },
    });
    assert.equal(answer.headers.get('content-encoding'), null);
    assert.equal(answer.headers.get('vary'), null);
  });
});

function parts(text: string): { head: string; body: string } {
  const end = text.indexOf('\r\n\r\n');
  return { head: text.slice(0, end), body: text.slice(end + 4) };
}
