import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { PermissionQuestion } from '../../runtime/protocol/extensions.protocol.ts';
import { terminalSafe } from './terminal-safe.ts';

/** A sentence about a hook; there is no capability to grant, what installs the extension lets its hooks run. */
export type HookSentence = Pick<PermissionQuestion, 'sentence' | 'risk'>;

/**
 * What the hooks of a manifest may do to requests, for the operator who installs it:
 * `Change or refuse create and update requests on table article (before-hook)`.
 */
export function hookSentences(manifest: Pick<ExtensionManifest, 'hooks'>): readonly HookSentence[] {
  return (manifest.hooks ?? []).map(({ when, tables, operations, onFailure }) => {
    const verb = when === 'before' ? 'Change or refuse' : 'See and change the answers of';
    const all = tables.includes('*');
    const where = all ? 'every table' : `table ${list(tables)}`;
    const closed = (onFailure ?? (when === 'before' ? 'refuse' : 'pass')) === 'refuse';
    const failing = closed ? 'they are refused while it fails' : '';
    return {
      sentence: [`${verb} ${list(operations)} requests on ${where} (${when}-hook)`, failing]
        .filter((part) => part !== '')
        .join('; '),
      risk: all ? 'high' : 'medium',
    };
  });
}

function list(names: readonly string[]): string {
  const shown = names.map((name) => {
    const safe = terminalSafe(name);
    return /^[^\s"',;()]+$/.test(safe) ? safe : `"${safe.replaceAll('"', "'")}"`;
  });
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
