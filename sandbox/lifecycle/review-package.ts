import type { Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { PackageReview } from '../../runtime/protocol/extensions.protocol.ts';
import { permissionQuestion } from '../broker/permission-sentence.ts';
import { checkFit } from './check-fit.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import { newPowers } from './new-powers.ts';
import type { InspectedPackage } from './package-tools.ts';
import { uncovered } from './uncovered.ts';

/** What an operator has to know about a package before it is installed. Changes nothing. */
export function reviewPackage(core: LifecycleCore, inspected: InspectedPackage): PackageReview {
  const { manifest, signature, objection } = inspected;
  const installed = core.lock.value.extensions.find(({ id }) => id === manifest.id);
  const question = (permission: Permission) => permissionQuestion(permission, manifest);
  const added =
    installed === undefined
      ? manifest.permissions
      : uncovered(manifest.permissions, [...installed.manifest.permissions, ...installed.grants]);
  const refusal =
    signature === 'modified' || signature === 'revoked'
      ? [`its package is ${signature}${objection === null ? '' : `: ${objection}`}`]
      : [];
  const powers = newPowers(manifest, installed?.manifest).map((message) => ({
    severity: 'warning' as const,
    rule: 'power',
    message,
    file: 'magflock.extension.json',
    line: null,
  }));
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    publisher: inspected.publisher,
    signature,
    signedBy: inspected.signedBy,
    sha256: inspected.sha256,
    questions: manifest.permissions.map(question),
    added: added.map(question),
    findings: [...powers, ...inspected.findings],
    obstacles: [...refusal, ...checkFit.obstacles(core, manifest)],
    installed: installed?.version ?? null,
  };
}
