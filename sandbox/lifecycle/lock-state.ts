import type { Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LockedExtension } from './locked-extension.ts';

/** A version whose package is here and which waits for the operator's word. */
export interface StagedUpdate {
  readonly id: string;
  readonly version: string;
  /** Its package is `packages/<sha256>.magx`. */
  readonly sha256: string;
  /** What it asks for beyond the version that serves. */
  readonly permissions: readonly Permission[];
  readonly projects: readonly string[];
  readonly config: InstalledExtension['config'];
  readonly allowUnsigned: boolean;
  readonly stagedAt: string;
}

/** Everything in the lock file. */
export interface LockState {
  readonly format: 1;
  readonly extensions: readonly LockedExtension[];
  readonly staged: readonly StagedUpdate[];
  /** Data that outlived a removal with `keepData`: no rollback of a later installation may drop it. */
  readonly kept: readonly { readonly id: string; readonly projects: readonly string[] }[];
}
