import type { ExtensionPaths } from './extension-paths.ts';
import type { Journal } from './journal.ts';
import type { JsonFile } from './json-file.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';
import type { LockState } from './lock-state.ts';
import type { TrustStore } from './trust-store.ts';

/** What the operations of one life cycle share. */
export interface LifecycleCore {
  readonly options: LifecycleOptions;
  readonly paths: ExtensionPaths;
  readonly lock: JsonFile<LockState>;
  readonly journal: Journal;
  readonly trust: TrustStore;
  /** Ids with an operation in the journal that could not be ended: they do not start. With the reason. */
  readonly pending: Map<string, string>;
}
