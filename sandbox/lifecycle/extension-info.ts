import type { ExtensionInfo } from '../../runtime/protocol/extensions.protocol.ts';
import { noUsage } from '../extension/no-usage.ts';
import { resolveLimits } from '../quota/resolve-limits.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';

/** One extension as operators see it: what was decided, and what the runtime knows of it. */
export function extensionInfo(core: LifecycleCore, installed: InstalledExtension): ExtensionInfo {
  const { id } = installed;
  const facts = core.options.runtime.facts(id);
  const staged = core.lock.value.staged.find((one) => one.id === id);
  const { state, reason } = standing(core, installed, facts);
  return {
    id,
    name: installed.name,
    version: installed.version,
    publisher: installed.publisher,
    trust: installed.trust,
    signature: installed.signature,
    state,
    reason,
    projects: installed.projects,
    manifest: installed.manifest,
    grants: installed.grants,
    installedAt: installed.installedAt,
    staged: staged === undefined ? null : { version: staged.version, permissions: staged.permissions },
    incarnation: facts?.incarnation ?? 0,
    restarts: facts?.restarts ?? 0,
    usage: facts?.usage ?? noUsage,
    limits: resolveLimits(installed.manifest.limits, core.options.policy),
    history: facts?.history ?? [],
  };
}

function standing(
  { pending }: LifecycleCore,
  { id, wanted, reason }: InstalledExtension,
  facts: Pick<ExtensionInfo, 'state' | 'reason'> | undefined,
): Pick<ExtensionInfo, 'state' | 'reason'> {
  if (wanted !== 'enabled') return { state: wanted, reason };
  const cutOff = pending.get(id);
  if (cutOff !== undefined) return { state: 'failed', reason: cutOff };
  return facts ?? { state: 'failed', reason: 'it was not started' };
}
