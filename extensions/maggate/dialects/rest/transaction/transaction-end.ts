import type { DataApiSettings } from '../../../../sdk/index.ts';
import type { Preferences } from '../preferences.ts';

/** How the transaction ends: as the setting dbTxEnd says, or as `Prefer: tx=` where that is allowed. */
export function transactionEnd(
  setting: DataApiSettings['dbTxEnd'],
  preferred: Preferences['transaction'],
): 'commit' | 'rollback' {
  if (preferred !== undefined && setting.endsWith('-allow-override')) return preferred;
  return setting.startsWith('rollback') ? 'rollback' : 'commit';
}
