import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalJson } from '../../../sandbox/package/canonical-json.ts';
import { encodePackage } from '../../../sandbox/package/encode-package.ts';
import { openPackage } from '../../../sandbox/package/open-package.ts';
import type { OpenedPackage } from '../../../sandbox/package/opened-package.ts';
import { publicKey } from '../../../sandbox/package/public-key.ts';
import { type Publishers, publisherStore } from '../../../sandbox/package/publisher-store.ts';
import { type Revocation, revocationList } from '../../../sandbox/package/revocation-list.ts';
import { type RotationStatement, rotationStatement } from '../../../sandbox/package/rotation-statement.ts';
import { signPackage } from '../../../sandbox/package/sign-package.ts';
import { signingKey } from '../../../sandbox/package/signing-key.ts';
import { type Verdict, verifyPackage } from '../../../sandbox/package/verify-package.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { packageOf, plainManifest } from './package-of.ts';

const at = '2026-01-01T00:00:00.000Z';
const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
const [first, second, third, thief] = [newKey(), newKey(), newKey(), newKey()];
const textOf = (key: KeyObject): string => publicKey.text(key);
const trusting = (key: KeyObject): Publishers => publisherStore.trust({}, 'acme', textOf(key), at);
const rotation = (from: KeyObject, to: KeyObject): RotationStatement =>
  rotationStatement.make('acme', from, textOf(to), at);

const plain = packageOf({ 'assets/a.txt': 'a', 'README.md': '# hello' });
const signed = (key: KeyObject, rotations?: readonly RotationStatement[], of = plain): OpenedPackage =>
  openPackage(signPackage(of, key, rotations));

/** The package with files put in place of others; null takes one out. */
function altered(of: OpenedPackage, files: Readonly<Record<string, string | null>>): OpenedPackage {
  const all = new Map<string, Uint8Array>(of.files);
  for (const [path, content] of Object.entries(files)) {
    if (content === null) all.delete(path);
    else all.set(path, Buffer.from(content));
  }
  return openPackage(encodePackage([...all].map(([path, bytes]) => ({ path, bytes }))));
}

const signatureOf = (of: OpenedPackage): Record<string, unknown> =>
  JSON.parse(of.files.get('magflock.sig.json')!.toString()) as Record<string, unknown>;
const withSignature = (of: OpenedPackage, change: Record<string, unknown>): OpenedPackage =>
  altered(of, { 'magflock.sig.json': canonicalJson({ ...signatureOf(of), ...change }) });

interface Row {
  readonly name: string;
  readonly of: () => OpenedPackage;
  readonly publishers?: Publishers;
  readonly revoked?: readonly Revocation[];
  readonly core?: readonly string[];
  readonly is: Verdict['signature'];
  readonly why?: RegExp;
}

const revoked = { reason: 'stolen', at };
const fingerprint = (key: KeyObject): string => publicKey.fingerprint(textOf(key));
const evil = canonicalJson({
  ...plainManifest,
  permissions: [...plainManifest.permissions, { capability: 'files', scope: ['*'], reason: 'x' }],
});
const rotated = publisherStore.rotate(trusting(first), [rotation(first, second)], at);

const rows: readonly Row[] = [
  { name: 'by the trusted key', of: () => signed(first), is: 'signed' },
  { name: 'without signature', of: () => plain, is: 'unsigned', why: /has no signature/ },
  {
    name: 'by a publisher nobody trusts',
    of: () => signed(first),
    publishers: {},
    is: 'unsigned',
    why: /magflock ext trust acme ed25519:/,
  },
  {
    name: 'with another code',
    of: () => altered(signed(first), { 'extension.js': 'evil()' }),
    is: 'modified',
    why: /file extension\.js was altered/,
  },
  {
    name: 'with another manifest',
    of: () => altered(signed(first), { 'magflock.extension.json': evil }),
    is: 'modified',
    why: /magflock\.extension\.json was altered/,
  },
  {
    name: 'with one more file',
    of: () => altered(signed(first), { 'assets/b': 'b' }),
    is: 'modified',
    why: /assets\/b was added/,
  },
  {
    name: 'with one file less',
    of: () => altered(signed(first), { 'README.md': null }),
    is: 'modified',
    why: /README\.md was taken out/,
  },
  {
    name: 'with a file under another name',
    of: () => altered(signed(first), { 'assets/a.txt': null, 'assets/b.txt': 'a' }),
    is: 'modified',
  },
  {
    name: 'with a signature of zeros',
    of: () => withSignature(signed(first), { signature: Buffer.alloc(64).toString('base64') }),
    is: 'modified',
  },
  {
    name: 'with a signature that is no JSON',
    of: () => altered(signed(first), { 'magflock.sig.json': '{' }),
    is: 'modified',
    why: /cannot be read/,
  },
  {
    name: 'with two publishers in the signature',
    of: () =>
      altered(signed(first), {
        'magflock.sig.json': canonicalJson(signatureOf(signed(first))).replace('{', '{"publisher":"evil",'),
      }),
    is: 'modified',
    why: /cannot be read/,
  },
  {
    name: 'by another publisher for the same id',
    of: () => withSignature(signed(first), { publisher: 'evil' }),
    is: 'modified',
    why: /publisher evil signed it, but the id acme\.hello belongs to acme/,
  },
  {
    name: 'by another key of the same name',
    of: () => signed(thief),
    is: 'modified',
    why: /another key than the one trusted for acme/,
  },
  {
    name: 'with the name of the trusted key and the signature of another',
    of: () => withSignature(signed(thief), { key: textOf(first) }),
    is: 'modified',
  },
  {
    name: 'with the signature of another package',
    of: () =>
      altered(packageOf({ 'README.md': '# other' }), {
        'magflock.sig.json': canonicalJson(signatureOf(signed(first))),
      }),
    is: 'modified',
  },
  {
    name: 'with a weak key',
    of: () =>
      withSignature(signed(first), {
        key: `ed25519:${Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64url')}`,
      }),
    is: 'modified',
  },
  {
    name: 'by a revoked key',
    of: () => signed(first),
    revoked: [{ ...revoked, fingerprint: fingerprint(first) }],
    is: 'revoked',
    why: /The key SHA256:.* was revoked on 2026/,
  },
  {
    name: 'whose file is revoked',
    of: () => signed(first),
    revoked: [{ ...revoked, sha256: signed(first).sha256 }],
    is: 'revoked',
  },
  {
    name: 'whose contents are revoked, signed anew',
    of: () => signed(first),
    revoked: [{ ...revoked, sha256: plain.digest }],
    is: 'revoked',
  },
  {
    name: 'whose version is revoked',
    of: () => signed(first),
    revoked: [{ ...revoked, id: 'acme.hello', range: '<1.1.0' }],
    is: 'revoked',
    why: /The version <1\.1\.0 of acme\.hello/,
  },
  {
    name: 'whose version is not the revoked one',
    of: () => signed(first),
    revoked: [{ ...revoked, id: 'acme.hello', range: '>1.0.0' }],
    is: 'signed',
  },
  {
    name: 'that is core and revoked',
    of: () => plain,
    core: [plain.digest],
    revoked: [{ ...revoked, sha256: plain.sha256 }],
    is: 'revoked',
  },
  { name: 'that is shipped with the machine', of: () => plain, core: [plain.digest], is: 'core' },
  {
    name: 'that was shipped and altered',
    of: () => altered(plain, { 'assets/a.txt': 'b' }),
    core: [plain.digest],
    is: 'unsigned',
  },
  {
    name: 'by the next key, with the word of the old one',
    of: () => signed(second, [rotation(first, second)]),
    is: 'signed',
  },
  {
    name: 'by the key after the next',
    of: () => signed(third, [rotation(first, second), rotation(second, third)]),
    is: 'signed',
  },
  {
    name: 'by the next key without a word',
    of: () => signed(second),
    is: 'modified',
    why: /did not name it/,
  },
  {
    name: 'by the key after the next with a gap',
    of: () => signed(third, [rotation(second, third)]),
    is: 'modified',
    why: /did not name it/,
  },
  {
    name: 'by a thief with his own word',
    of: () => signed(thief, [rotation(second, thief)]),
    is: 'modified',
    why: /did not name it/,
  },
  {
    name: 'by a thief with a forged word',
    of: () => signed(thief, [{ ...rotation(second, thief), oldKey: textOf(first) }]),
    is: 'modified',
    why: /is forged/,
  },
  {
    name: 'with a word for another publisher',
    of: () => signed(second, [rotationStatement.make('other', first, textOf(second), at)]),
    is: 'modified',
    why: /did not name it/,
  },
  {
    name: 'with a word whose time was changed',
    of: () => signed(second, [{ ...rotation(first, second), at: '2027-01-01T00:00:00Z' }]),
    is: 'modified',
    why: /is forged/,
  },
  {
    name: 'with a word of a stolen and revoked key',
    of: () => signed(thief, [rotation(first, thief)]),
    revoked: [{ ...revoked, fingerprint: fingerprint(first) }],
    is: 'modified',
    why: /key that names it was revoked/,
  },
  {
    name: 'by a next key that is revoked',
    of: () => signed(second, [rotation(first, second)]),
    revoked: [{ ...revoked, fingerprint: fingerprint(second) }],
    is: 'revoked',
  },
  {
    name: 'by the old key after a rotation',
    of: () => signed(first),
    publishers: rotated,
    is: 'revoked',
    why: /key that acme replaced/,
  },
  {
    name: 'with a word that leads back',
    of: () => signed(third, [rotation(second, first), rotation(first, third)]),
    publishers: rotated,
    is: 'modified',
    why: /goes back/,
  },
  {
    name: 'with words in a circle',
    of: () => signed(thief, [rotation(first, second), rotation(second, first)]),
    is: 'modified',
    why: /goes back/,
  },
  {
    name: 'with words that cannot be read',
    of: () => altered(signed(second), { 'magflock.rotation.json': '[]' }),
    is: 'modified',
    why: /cannot be read/,
  },
];

describe('sandbox: signature of a package', () => {
  const folder = temporaryFolder();

  for (const {
    name,
    of,
    publishers = trusting(first),
    revoked: list = [],
    core = [],
    is,
    why = /^/,
  } of rows) {
    it(`a package ${name} is ${is}`, () => {
      const verdict = verifyPackage(of(), { publishers, revoked: list, core });
      assert.equal(verdict.signature, is, verdict.reasons.join(' '));
      assert.match(verdict.reasons.join(' '), why);
      assert.equal(verdict.reasons.length === 0, is === 'signed' || is === 'core');
    });
  }

  it('a package with any byte of any file altered is not signed', () => {
    const whole = signed(first);
    const paths = [...whole.files.keys()];
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (path, where, by) => {
          const bytes = Buffer.from(whole.files.get(path)!);
          bytes[where % bytes.length]! ^= by;
          const all = [...whole.files].map(([one, content]) => ({
            path: one,
            bytes: one === path ? bytes : content,
          }));
          try {
            const opened = openPackage(encodePackage(all));
            const { signature } = verifyPackage(opened, {
              publishers: trusting(first),
              revoked: [],
              core: [],
            });
            // The list of files in a signature only helps to explain; what counts is the signature itself.
            assert.ok(
              signature !== 'signed' || (path === 'magflock.sig.json' && opened.digest === whole.digest),
            );
          } catch (thrown) {
            assert.match(String((thrown as { code: string }).code), /^MF6(66|20)$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same twice, and replaces an older one', () => {
    const once = signPackage(plain, first);
    assert.deepEqual(signPackage(openPackage(once), first), once);
    assert.equal(signatureOf(openPackage(signPackage(openPackage(once), second)))['key'], textOf(second));
    assert.equal(openPackage(once).digest, plain.digest);
  });

  it('followed over rotations moves the trust along', () => {
    const { rotations } = verifyPackage(signed(third, [rotation(first, second), rotation(second, third)]), {
      publishers: trusting(first),
      revoked: [],
    });
    const now = publisherStore.rotate(trusting(first), rotations, at);
    assert.equal(now['acme']!.key, textOf(third));
    assert.deepEqual(
      now['acme']!.history.map(({ key }) => key),
      [textOf(first), textOf(second)],
    );
    assert.throws(() => publisherStore.rotate(trusting(third), rotations, at), { code: 'MF667' });
    publisherStore.write(folder(), now);
    assert.deepEqual(publisherStore.read(folder()), now);
    assert.deepEqual(publisherStore.distrust(now, 'acme'), {});
  });

  it('never counts for the name of MagFlock itself', () => {
    assert.throws(() => publisherStore.trust({}, 'magflock', textOf(first), at), { code: 'MF667' });
    assert.throws(() => publisherStore.trust({}, '__proto__', textOf(first), at), { code: 'MF667' });
  });

  it('needs a key that is strong and written in one way', () => {
    const raw = Buffer.from(textOf(first).slice(8), 'base64url');
    const faulty = [
      '',
      'ed25519:',
      `rsa:${raw.toString('base64url')}`,
      `ed25519:${raw.toString('base64')}`,
      `ed25519:${raw.toString('base64url')}=`,
      `ed25519:${raw.subarray(1).toString('base64url')}`,
      ...[
        '00'.repeat(32),
        `01${'00'.repeat(31)}`,
        `${'00'.repeat(31)}80`,
        `ec${'ff'.repeat(30)}7f`,
        `ee${'ff'.repeat(31)}`,
      ].map((hex) => `ed25519:${Buffer.from(hex, 'hex').toString('base64url')}`),
    ];
    for (const text of faulty) assert.throws(() => publicKey.parse(text), { code: 'MF667' }, text);
    assert.deepEqual(
      publicKey.parse(textOf(first)).export({ format: 'jwk' }),
      createPublicKey(first as never).export({ format: 'jwk' }),
    );
  });

  it('comes from a private key that only its owner can read', () => {
    const file = join(folder(), 'acme.key.pem');
    const made = signingKey.generate(file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(textOf(signingKey.read(file)), made);
    assert.throws(() => signingKey.generate(file), { code: 'MF667', message: /is there already/ });
    chmodSync(file, 0o644);
    assert.throws(() => signingKey.read(file), { code: 'MF667', message: /Others can read/ });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const other = join(folder(), 'rsa.pem');
    writeFileSync(other, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    assert.throws(() => signingKey.read(other), { code: 'MF667', message: /ed25519 is needed/ });
  });

  it('is not judged by damaged lists', () => {
    const faulty: readonly unknown[] = [
      { ...revoked },
      { ...revoked, id: 'acme.hello' },
      { ...revoked, range: '*' },
      { ...revoked, id: 'acme.hello', range: 'x.y' },
      { ...revoked, sha256: 'A'.repeat(64) },
      { ...revoked, fingerprint: fingerprint(first), sha256: '0'.repeat(64) },
    ];
    for (const one of faulty) {
      assert.throws(() => revocationList.write(folder(), [one as Revocation]), { code: 'MF667' });
    }
    const list: readonly Revocation[] = [{ ...revoked, id: 'acme.hello', range: '<1.1.0' }];
    revocationList.write(folder(), list);
    assert.deepEqual(revocationList.read(folder()), list);
    writeFileSync(join(folder(), 'revoked.json'), '{"version":1,"revoked":[{}]}');
    assert.throws(() => revocationList.read(folder()), { code: 'MF705' });
    writeFileSync(join(folder(), 'publishers.json'), '{"version":1,"publishers":{"acme":{"key":"x"}}}');
    assert.throws(() => publisherStore.read(folder()), { code: 'MF705' });
  });
});
