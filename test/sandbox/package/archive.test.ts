import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import tar from 'tar-stream';
import { canonicalJson } from '../../../sandbox/package/canonical-json.ts';
import { gzipFormat } from '../../../sandbox/package/gzip-format.ts';
import { openPackage } from '../../../sandbox/package/open-package.ts';
import { packageLimits } from '../../../sandbox/package/package-limits.ts';
import { readPackage } from '../../../sandbox/package/read-package.ts';
import { tarFormat } from '../../../sandbox/package/tar-format.ts';
import { unpack } from '../../../sandbox/package/unpack.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { packageBytes, packageOf, plainManifest } from './package-of.ts';

type Header = { name: string } & Record<string, unknown>;

/** A tar with these entries in this order: plain files as we write them, the others as other programs do. */
async function archiveOf(entries: readonly (readonly [Header, string?])[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const [header, content = ''] of entries) {
    const { name: path, ...rest } = header;
    if (Object.keys(rest).length === 0) {
      parts.push(tarFormat.write([{ path, bytes: Buffer.from(content) }]).subarray(0, -1024));
      continue;
    }
    const foreign = tar.pack();
    foreign.entry({ mtime: new Date(0), mode: 0o644, ...header } as never, content);
    foreign.finalize();
    const blocks: Buffer[] = [];
    for await (const block of foreign) blocks.push(block as Buffer);
    parts.push(Buffer.concat(blocks).subarray(0, -1024));
  }
  return gzipFormat.write(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

const code: readonly [Header, string] = [{ name: 'extension.js' }, 'export default {};\n'];
const manifest: readonly [Header, string] = [
  { name: 'magflock.extension.json' },
  canonicalJson(plainManifest),
];
const good = packageBytes({ 'assets/a.txt': 'a'.repeat(600), 'README.md': '# hello' });
const plain = (): Buffer => Buffer.from(gzipFormat.read(good));
const refused = (bytes: Buffer, why: RegExp): void =>
  assert.throws(() => openPackage(bytes), { code: 'MF666', message: why });

/** The good package with bytes of a header changed and its checksum made right again. */
function withHeader(at: number, text: string): Buffer {
  const bytes = plain();
  bytes.write(text, at, 'latin1');
  bytes.fill(' ', 148, 156);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return gzipFormat.write(bytes);
}

describe('sandbox: archive of a package', () => {
  const folder = temporaryFolder();

  it('is read by any tar', async () => {
    const found: [string, string][] = [];
    const extract = tar.extract();
    extract.on('entry', async (header, stream, next) => {
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      found.push([header.name, Buffer.concat(parts).toString()]);
      next();
    });
    await new Promise((resolve, reject) => {
      extract.on('finish', () => resolve(undefined)).on('error', reject);
      Readable.from([gunzipSync(good)]).pipe(extract);
    });
    assert.deepEqual(
      found.map(([name]) => name),
      ['README.md', 'assets/a.txt', 'extension.js', 'magflock.extension.json'],
    );
    assert.equal(found[1]![1], 'a'.repeat(600));
  });

  it('gives back what went in, whatever the names and sizes', () => {
    const name = fc.stringMatching(/^[a-zé][a-z0-9_-]{0,60}$/);
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `assets/x/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.dictionary(path, fc.uint8Array({ maxLength: 1500 }), { maxKeys: 6 }), (files) => {
        const names = Object.keys(files);
        fc.pre(names.every((one) => Buffer.byteLength(one) <= 200 && one === one.normalize('NFC')));
        fc.pre(!names.some((one) => names.some((other) => other.startsWith(`${one}/`))));
        fc.pre(!names.some((one) => /\/(con|prn|aux|nul)(\/|$)/.test(one)));
        const opened = packageOf(files);
        for (const [one, bytes] of Object.entries(files))
          assert.deepEqual([...opened.files.get(one)!], [...bytes]);
      }),
      { numRuns: 60 },
    );
  });

  const hostile: readonly (readonly [
    name: string,
    entries: readonly (readonly [Header, string?])[],
    why: RegExp,
  ])[] = [
    ['a path above', [[{ name: 'assets/../../x' }, 'x'], code, manifest], /leaves its folder/],
    ['an absolute path', [[{ name: '/etc/cron.d/x' }, 'x'], code, manifest], /is absolute/],
    ['a drive', [[{ name: 'C:/x' }, 'x'], code, manifest], /is absolute/],
    ['a backslash', [[{ name: 'assets\\..\\x' }, 'x'], code, manifest], /not every system allows/],
    ['a stream of NTFS', [[{ name: 'assets/x:y' }, 'x'], code, manifest], /not every system allows/],
    ['a trailing dot', [[{ name: 'assets/x.' }, 'x'], code, manifest], /ends with a dot or space/],
    ['a trailing space', [[{ name: 'assets/x ' }, 'x'], code, manifest], /ends with a dot or space/],
    ['a device of Windows', [[{ name: 'assets/NUL.txt' }, 'x'], code, manifest], /name of a device/],
    ['an empty part', [[{ name: 'assets//x' }, 'x'], code, manifest], /empty part/],
    ['a dot', [[{ name: './extension.js' }, 'x'], code, manifest], /leaves its folder/],
    ['a control character', [[{ name: 'assets/a\nb' }, 'x'], code, manifest], /control characters/],
    ['another top', [[{ name: 'a.node' }, 'x'], code, manifest], /is not one of/],
    ['an install script', [code, manifest, [{ name: 'package.json' }, '{}']], /is not one of/],
    [
      'a symbolic link',
      [[{ name: 'assets/x', type: 'symlink', linkname: '/etc/passwd' }], code, manifest],
      /symbolic link/,
    ],
    [
      'a hard link',
      [[{ name: 'assets/x', type: 'link', linkname: 'extension.js' }], code, manifest],
      /hard link/,
    ],
    [
      'a character device',
      [[{ name: 'assets/x', type: 'character-device' }], code, manifest],
      /character device/,
    ],
    ['a block device', [[{ name: 'assets/x', type: 'block-device' }], code, manifest], /block device/],
    ['a pipe', [[{ name: 'assets/x', type: 'fifo' }], code, manifest], /pipe/],
    ['a folder', [[{ name: 'assets', type: 'directory' }], code, manifest], /is a folder/],
    ['a contiguous file', [[{ name: 'assets/x', type: 'contiguous-file' }], code, manifest], /contiguous/],
    ['the same path twice', [code, code, manifest], /is there twice/],
    ['another order', [manifest, code], /out of order/],
    ['a PAX path', [[{ name: 'assets/a', pax: { path: '../x' } }, 'x'], code, manifest], /PAX header/],
    ['a PAX size', [[{ name: 'assets/a', pax: { size: '9' } }, 'x'], code, manifest], /PAX header/],
    [
      'a sparse file by PAX',
      [[{ name: 'assets/a', pax: { 'GNU.sparse.name': 'x' } }, 'x'], code, manifest],
      /PAX header/,
    ],
    ['no code', [manifest], /has no extension\.js/],
    ['no manifest', [code], /has no magflock\.extension\.json/],
    ['a manifest not canonical', [code, [manifest[0], JSON.stringify(plainManifest, null, 1)]], /canonical/],
    [
      'an unnamed migration',
      [code, manifest, [{ name: 'migrations/1.sql' }, '']],
      /not among the migrations/,
    ],
    [
      'case that folds',
      [[{ name: 'assets/A' }, ''], [{ name: 'assets/a' }, ''], code, manifest],
      /one path on some systems/,
    ],
    [
      'ß and SS',
      [[{ name: 'assets/SS' }, ''], [{ name: 'assets/ß' }, ''], code, manifest],
      /one path on some systems/,
    ],
    [
      'a folder that folds',
      [[{ name: 'assets/A/x' }, ''], [{ name: 'assets/a' }, ''], code, manifest],
      /one path on some systems/,
    ],
    ['README in another case', [[{ name: 'readme.md' }, ''], code, manifest], /is not one of/],
    ['Unicode not composed', [[{ name: 'assets/e\u0301' }, ''], code, manifest], /NFC|PAX/],
    ['code that is not UTF-8', [code, manifest], /UTF-8/],
  ];
  for (const [name, entries, why] of hostile) {
    it(`with ${name} is refused`, async () => {
      if (name === 'code that is not UTF-8') {
        return refused(packageBytes({ 'extension.js': Buffer.from([0x22, 0xff, 0x22]) }), why);
      }
      // Order is judged before paths: the rows are about paths, so they come in the order that is demanded.
      const ordered = /order|twice/.test(name)
        ? entries
        : [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
      refused(await archiveOf(ordered), why);
    });
  }

  const headers: readonly (readonly [name: string, at: number, text: string, why: RegExp])[] = [
    ['a GNU long name', 156, 'L', /GNU long name/],
    ['a GNU sparse file', 156, 'S', /sparse file/],
    ['a global PAX header', 156, 'g', /global PAX header/],
    ['an old entry', 156, '\0', /old tar entry/],
    ['an unknown kind', 156, 'Z', /unknown kind/],
    ['a size to base 256', 124, '\x80\0\0\0\0\0\0\0\0\0\0\x07', /is not octal/],
    ['a negative size', 124, '-0000000007\0', /is not octal/],
    ['a size of 8 GiB', 124, '77777777777\0', /a file may have/],
    ['a size beyond the end', 124, '00000777777\0', /is cut off/],
    ['another mode', 100, '0004755\0', /not as magflock ext pack writes it/],
    ['another owner', 108, '0001750\0', /not as magflock ext pack writes it/],
    ['a time', 136, '00000000001\0', /not as magflock ext pack writes it/],
    ['GNU magic', 257, 'ustar  \0', /not as magflock ext pack writes it/],
    ['bytes behind the name', 60, 'x', /not as magflock ext pack writes it/],
    ['a name of a user', 265, 'root', /not as magflock ext pack writes it/],
    ['bytes in the rest', 505, 'x', /not as magflock ext pack writes it/],
    ['a prefix', 345, '..', /not as magflock|leaves its folder/],
    ['a link name in a file', 157, '/etc/passwd', /not as magflock ext pack writes it/],
  ];
  for (const [name, at, text, why] of headers) {
    it(`with ${name} is refused`, () => refused(withHeader(at, text), why));
  }

  const around: readonly (readonly [name: string, bytes: () => Buffer, why: RegExp])[] = [
    ['nothing', () => Buffer.alloc(0), /does not begin/],
    ['a gzip of another program', () => gzipSync(gzipFormat.read(good), { level: 1 }), /does not begin|^/],
    [
      'a name in the gzip',
      () => Buffer.concat([Buffer.from(good.subarray(0, 3)), Buffer.from([8]), good.subarray(4)]),
      /does not begin/,
    ],
    ['bytes behind the gzip', () => Buffer.concat([good, Buffer.from('x')]), /bytes behind its end/],
    ['a second member', () => Buffer.concat([good, good]), /bytes behind its end/],
    ['a wrong checksum', () => Buffer.concat([good.subarray(0, -8), Buffer.alloc(8)]), /checksum/],
    [
      'bytes behind the tar',
      () => gzipFormat.write(Buffer.concat([plain(), Buffer.alloc(512)])),
      /bytes behind its end/,
    ],
    [
      'one zero block',
      () => gzipFormat.write(plain().subarray(0, -512)),
      /bytes behind its end|in the middle/,
    ],
    ['no end', () => gzipFormat.write(plain().subarray(0, -1024)), /in the middle/],
    [
      'bytes in the padding',
      () => {
        const bytes = plain();
        bytes[512 + 20] = 1;
        return gzipFormat.write(bytes);
      },
      /bytes behind the file/,
    ],
    ['a bomb', () => gzipFormat.write(Buffer.alloc(60 * 1024 * 1024)), /grows beyond/],
    [
      'too many files',
      () => packageBytes(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`assets/${at}`, '']))),
      /more than 1000 files/,
    ],
    [
      'code that is too long',
      () => packageBytes({ 'extension.js': Buffer.from(`//${incompressible(packageLimits.code)}`) }),
      /extension\.js has/,
    ],
  ];
  for (const [name, bytes, why] of around) {
    it(`with ${name} is refused`, () => {
      if (name === 'a gzip of another program') assert.throws(() => openPackage(bytes()), { code: 'MF666' });
      else refused(bytes(), why);
    });
  }

  it('with a file or a whole beyond the limits is refused', () => {
    const large = Buffer.alloc(packageLimits.file + 1);
    assert.throws(() => tarFormat.read(tarFormat.write([{ path: 'assets/x', bytes: large }])), {
      message: /a file may have/,
    });
    refused(Buffer.alloc(packageLimits.package + 1), /16777216 are allowed/);
  });

  it('cut off at any place is refused', () => {
    for (let length = 0; length < good.length; length += 1) refused(good.subarray(0, length), /./);
    const whole = plain();
    for (let length = 0; length < whole.length; length += 64) {
      refused(gzipFormat.write(whole.subarray(0, length)), /./);
    }
  });

  it('with any bit of the file turned is refused, or is the same package', () => {
    const { digest } = openPackage(good);
    for (let at = 0; at < good.length; at += 1) {
      const bytes = Buffer.from(good);
      bytes[at]! ^= 1 << (at % 8);
      let opened: ReturnType<typeof openPackage> | undefined;
      try {
        opened = openPackage(bytes);
      } catch (thrown) {
        assert.match((thrown as { code: string }).code, /^MF6(66|20)$/);
      }
      // The last bits of a deflated stream mean nothing.
      if (opened !== undefined) assert.equal(opened.digest, digest);
    }
  });

  it('of garbage is refused with the right code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), (garbage, framed) => {
        const bytes = Buffer.from(garbage);
        refused(framed ? gzipFormat.write(bytes) : bytes, /./);
      }),
      { numRuns: 200 },
    );
  });

  it('is unpacked for nobody else, whole, into a new folder', () => {
    const opened = openPackage(good);
    const target = join(folder(), 'hello');
    unpack(opened, target);
    assert.equal(statSync(target).mode & 0o777, 0o700);
    assert.equal(statSync(join(target, 'assets')).mode & 0o777, 0o700);
    assert.equal(statSync(join(target, 'extension.js')).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(target, 'assets/a.txt'), 'utf8'), 'a'.repeat(600));
    assert.deepEqual(readdirSync(folder()), ['hello']);
    assert.throws(() => unpack(opened, target), { code: 'MF666', message: /is there already/ });
  });

  it('that cannot be written leaves nothing', () => {
    const opened = packageOf();
    const files = new Map([...opened.files, ['assets', Buffer.from('x')], ['assets/x', Buffer.from('x')]]);
    assert.throws(() => unpack({ ...opened, files }, join(folder(), 'hello')), { code: 'EEXIST' });
    assert.ok(!existsSync(join(folder(), 'hello')));
    assert.deepEqual(readdirSync(folder()), []);
  });

  it('is pinned by its SHA-256', () => {
    const file = join(folder(), 'a.magx');
    writeFileSync(file, good);
    const { sha256 } = readPackage(file);
    writeFileSync(file, packageBytes({ 'extension.js': 'evil()' }));
    assert.throws(() => readPackage(file, sha256), { code: 'MF666', message: /was installed/ });
    mkdirSync(join(folder(), 'b.magx'));
    assert.throws(() => readPackage(join(folder(), 'b.magx')), { code: 'MF666', message: /is not a file/ });
  });
});

function incompressible(length: number): string {
  let seed = 1;
  let text = '';
  while (text.length < length) {
    seed = (seed * 48_271) % 2_147_483_647;
    text += seed.toString(36);
  }
  return text;
}
