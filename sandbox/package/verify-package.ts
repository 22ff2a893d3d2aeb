import { createHash } from 'node:crypto';
import type { ExtensionInfo } from '../../runtime/protocol/extensions.protocol.ts';
import { corePackages } from './core-packages.ts';
import type { OpenedPackage } from './opened-package.ts';
import { type PackageSignature, packageSignature } from './package-signature.ts';
import { publicKey } from './public-key.ts';
import type { Publishers } from './publisher-store.ts';
import { type Revocation, revocationList } from './revocation-list.ts';
import { type RotationStatement, rotationStatement } from './rotation-statement.ts';

/** What the operator of this machine trusts. */
export interface Trust {
  readonly publishers: Publishers;
  readonly revoked: readonly Revocation[];
  /** Digests of what is shipped with the machine; default the real list. */
  readonly core?: readonly string[];
}

export interface Verdict {
  /**
   * `signed`: by the key that counts for the publisher. `unsigned`: nobody this machine trusts vouches for it.
   * `modified`: it has a signature and that does not hold: never to be installed, whatever the operator allows.
   */
  readonly signature: ExtensionInfo['signature'];
  readonly publisher: string;
  /** The key in the package and its fingerprint, whether it counts or not; null without one. */
  readonly key: string | null;
  readonly fingerprint: string | null;
  /** Sentences, at least one unless it is `core` or `signed`. */
  readonly reasons: readonly string[];
  /** To be given to `publisherStore.rotate` when the package is installed: the way to the key that signed it. */
  readonly rotations: readonly RotationStatement[];
}

/** Says what the signature of a package is worth here. Changes nothing and never throws. */
export function verifyPackage(opened: OpenedPackage, trust: Trust): Verdict {
  const { id, version } = opened.manifest;
  const publisher = id.slice(0, id.indexOf('.'));
  const bytes = opened.files.get('magflock.sig.json');
  const found = bytes === undefined ? undefined : packageSignature.parse(bytes);
  const verdict = (
    signature: Verdict['signature'],
    reasons: readonly string[],
    rotations: readonly RotationStatement[] = [],
  ): Verdict => ({
    signature,
    publisher,
    key: found?.key ?? null,
    fingerprint: fingerprintOf(found),
    reasons,
    rotations,
  });

  const revoked = revocationList.find(trust.revoked, {
    ...opened,
    id,
    version,
    fingerprint: fingerprintOf(found),
  });
  if (revoked !== undefined) {
    return verdict('revoked', [`${whatIsRevoked(revoked)} was revoked on ${revoked.at}: ${revoked.reason}`]);
  }
  if ((trust.core ?? corePackages).includes(opened.digest)) return verdict('core', []);
  if (bytes === undefined) return verdict('unsigned', ['The package has no signature.']);
  if (found === undefined) return verdict('modified', ['The signature of the package cannot be read.']);
  if (found.publisher !== publisher) {
    return verdict('modified', [
      `The publisher ${found.publisher} signed it, but the id ${id} belongs to ${publisher}.`,
    ]);
  }
  if (!packageSignature.isGenuine(opened, found)) return verdict('modified', alterations(opened, found));

  const trusted = Object.hasOwn(trust.publishers, publisher) ? trust.publishers[publisher] : undefined;
  if (trusted === undefined) {
    return verdict('unsigned', [
      `The signature is genuine, but this machine does not trust the publisher ${publisher}: ` +
        `magflock ext trust ${publisher} ${found.key} after you compared the key with the publisher's.`,
    ]);
  }
  if (trusted.key === found.key) return verdict('signed', []);
  const former = trusted.history.find(({ key }) => key === found.key);
  if (former !== undefined) {
    return verdict('revoked', [`It is signed with a key that ${publisher} replaced on ${former.until}.`]);
  }
  const { path, problem } = wayTo(found.key, publisher, opened, trust);
  return problem === undefined
    ? verdict('signed', [], path)
    : verdict('modified', [
        `It is signed with another key than the one trusted for ${publisher}: ${problem}.`,
      ]);
}

/** Follows the rotations in the package from the key that counts to the one that signed. */
function wayTo(
  key: string,
  publisher: string,
  { files }: OpenedPackage,
  { publishers, revoked }: Trust,
): { readonly path: readonly RotationStatement[]; readonly problem?: string } {
  const bytes = files.get('magflock.rotation.json');
  if (bytes === undefined) return { path: [], problem: 'the old key did not name it as the next one' };
  let statements: readonly RotationStatement[];
  try {
    statements = rotationStatement.parse(bytes.toString());
  } catch {
    return { path: [], problem: 'its statement of rotation cannot be read' };
  }
  const { key: current, history } = publishers[publisher]!;
  const used = new Set([current, ...history.map((former) => former.key)]);
  const path: RotationStatement[] = [];
  let at = current;
  while (at !== key) {
    const next = statements.findLast((one) => one.oldKey === at && one.publisher === publisher);
    if (next === undefined) return { path: [], problem: 'the old key did not name it as the next one' };
    if (!rotationStatement.isGenuine(next))
      return { path: [], problem: 'the statement of rotation is forged' };
    if (isRevoked(next.oldKey, revoked)) return { path: [], problem: 'the key that names it was revoked' };
    // A key that was replaced may be in other hands: it never comes back, and chains have no circles.
    if (used.has(next.newKey))
      return { path: [], problem: 'the rotation goes back to a key that was replaced' };
    used.add(next.newKey);
    path.push(next);
    at = next.newKey;
  }
  return { path };
}

function isRevoked(key: string, revoked: readonly Revocation[]): boolean {
  const fingerprint = publicKey.fingerprint(key);
  return revoked.some((one) => 'fingerprint' in one && one.fingerprint === fingerprint);
}

function fingerprintOf(signature: PackageSignature | undefined): string | null {
  try {
    return signature === undefined ? null : publicKey.fingerprint(signature.key);
  } catch {
    return null;
  }
}

function whatIsRevoked(revocation: Revocation): string {
  if ('fingerprint' in revocation) return `The key ${revocation.fingerprint}`;
  if ('sha256' in revocation) return `The package ${revocation.sha256}`;
  return `The version ${revocation.range} of ${revocation.id}`;
}

/** The list of files in the signature is a claim, good enough to tell an operator where to look. */
function alterations({ files }: OpenedPackage, signature: PackageSignature): readonly string[] {
  const own = [...files].filter(
    ([path]) => path !== 'magflock.sig.json' && path !== 'magflock.rotation.json',
  );
  const there = new Map(own.map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]));
  const claimed = new Map(Object.entries(signature.files));
  const reasons = [
    ...[...there].flatMap(([path, hash]) => {
      if (!claimed.has(path)) return [`The file ${path} was added after it was signed.`];
      return claimed.get(path) === hash ? [] : [`The file ${path} was altered after it was signed.`];
    }),
    ...[...claimed.keys()]
      .filter((path) => !there.has(path))
      .map((path) => `The file ${path} was taken out.`),
  ];
  return reasons.length === 0 ? ['The signature does not fit the package.'] : reasons;
}
