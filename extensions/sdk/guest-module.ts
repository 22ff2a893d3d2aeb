import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { ExtensionContext } from './extension-context.ts';

/** A handler as the isolate calls it: input as JSON gave it, null where there is none. */
export type GuestHandler = (input: never, context: ExtensionContext) => unknown;

/** Default export of a guest: what `defineExtension` makes, and what the isolate looks for. */
export interface GuestModule {
  readonly manifest: ExtensionManifest;
  readonly onInstall?: GuestHandler;
  readonly onStart?: GuestHandler;
  readonly onStop?: GuestHandler;
  readonly onUninstall?: GuestHandler;
  readonly onRequest?: GuestHandler;
  readonly onEvent?: GuestHandler;
  readonly onSchedule?: GuestHandler;
  readonly onBefore?: GuestHandler;
  readonly onAfter?: GuestHandler;
  readonly onHealth?: GuestHandler;
  readonly onHandover?: GuestHandler;
  readonly onAdopt?: GuestHandler;
}
