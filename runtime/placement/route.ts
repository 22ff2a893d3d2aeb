import type { EndReason } from '../actor/terminated.ts';

/**
 * Where an actor is and whether it may be sent to. Kept by the main thread, copied to every thread.
 * - `pending`: registered, or between two incarnations: messages wait
 * - `syncing`: started, its replicas are being brought up to date: messages wait
 * - `ready`
 * - `unavailable`: failed, quarantined or stopped: messages are refused (MF607)
 */
export interface Route {
  readonly name: string;
  readonly thread: string;
  readonly state: 'pending' | 'syncing' | 'ready' | 'unavailable';
  readonly incarnation: number;
  /** Its mailbox makes senders wait for credits; known once it has started. */
  readonly waits?: true;
  /** In a hot swap, before the messages follow: where its replicas find the next incarnation. */
  readonly next?: { readonly thread: string; readonly incarnation: number };
  /** How its last incarnation ended; when it is pending or unavailable. */
  readonly ended?: EndReason;
  /** Why it is unavailable, for people. */
  readonly reason?: string;
}
