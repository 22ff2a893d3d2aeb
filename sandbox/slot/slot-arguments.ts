import type { Permission } from '../../runtime/protocol/extension-manifest.ts';

/** What the motherboard gives to a slot: which module is in it and what the operator granted. */
export interface SlotArguments {
  /** URL of the module that exports `extension` or `gateway`. */
  readonly module: string;
  readonly grants: readonly Permission[];
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** True once, when the extension is put in for the first time: runs its `install`. */
  readonly install?: boolean;
}
