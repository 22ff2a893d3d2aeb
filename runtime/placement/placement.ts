import type { Health } from '../motherboard/health.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { Successor, SuccessorRequest } from './successor.ts';

/** How an incarnation of a child ended without being asked to. */
export interface ChildExit {
  readonly id: string;
  readonly reason: 'normal' | 'shutdown' | 'crash';
  readonly detail: string;
  /** It is to stay down until somebody restarts it. */
  readonly quarantine?: true | undefined;
}

/** What is known of a child once it has started. */
export interface StartedChild {
  /** Its mailbox makes senders wait for credits. */
  readonly waits: boolean;
}

/** Where children run. One contract; the code of an actor does not know which one it got. */
export interface Placement {
  /** Name of the thread the child runs in. */
  threadOf(spec: ChildSpec): string;
  /** Runs replicas, `init` and `start`. Messages still wait afterwards. Rejects when that fails or takes too long. */
  start(spec: ChildSpec, incarnation: number): Promise<StartedChild>;
  /** Brings the replicas of the child in these threads up to date. */
  synchronise(spec: ChildSpec, threads: readonly string[]): Promise<void>;
  /** Lets messages run. */
  open(spec: ChildSpec): Promise<void>;
  /** Drains and stops within the budget, else ends it by force. */
  stop(spec: ChildSpec): Promise<'stopped' | 'killed'>;
  /** Makes what may take the place of the running incarnation in a hot swap; without it there is none. */
  successor?(spec: ChildSpec, request: SuccessorRequest): Successor;
  healthCheck(spec: ChildSpec, timeoutMs: number): Promise<Health>;
  capabilities(spec: ChildSpec, timeoutMs: number): Promise<readonly string[]>;
}
