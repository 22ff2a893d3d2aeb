import type { Terminated } from './terminated.ts';

/** What two threads say to each other about the ends of their actors. Ids are given by the thread that watches. */
export type WatchFrame =
  /** Tell me when this actor, by its path without the first slash, has ended. */
  | { readonly kind: 'watch'; readonly id: number; readonly target: string }
  | { readonly kind: 'unwatch'; readonly id: number }
  /** It has. */
  | { readonly kind: 'down'; readonly id: number; readonly terminated: Terminated }
  /** My actor at `from` shares the fate of yours: I shall tell you when it has ended. */
  | { readonly kind: 'link'; readonly id: number; readonly target: string; readonly from: string }
  | { readonly kind: 'unlink'; readonly id: number }
  /** The linking actor has ended. */
  | { readonly kind: 'ended'; readonly id: number; readonly terminated: Terminated };
