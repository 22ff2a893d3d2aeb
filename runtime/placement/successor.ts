import type { Health } from '../motherboard/health.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import type { StartedChild } from './placement.ts';

/** What is to take the place of a running incarnation. */
export interface SuccessorRequest {
  readonly module: URL;
  readonly args: unknown;
  readonly incarnation: number;
}

/**
 * The next incarnation of a part beside the running one, on its way into its place. Where it runs is its placement's
 * business; the order of the steps is the hot swap's. Each step takes the milliseconds that are left of the budget
 * and throws when it fails; until `commit` everything can be undone by `rollBack`.
 */
export interface Successor {
  /** What a later restart is to load. */
  readonly module: URL;
  /** Thread the new incarnation will be found in. */
  readonly thread: string;
  /** Rejects when the part is to be stopped meanwhile. Never resolves. */
  readonly aborted: Promise<never>;
  /** Loads the new version. @returns what both versions say of themselves */
  inspect(): Promise<{ readonly from: DefinitionFacts; readonly to: DefinitionFacts }>;
  /** Everything slow that does not touch the running incarnation. */
  prepare(): Promise<void>;
  /** The running incarnation starts nothing any more, and what it runs has ended. */
  suspend(timeoutMs: number): Promise<void>;
  /** The state goes over; the new incarnation starts. */
  handOver(timeoutMs: number): Promise<StartedChild>;
  probe(timeoutMs: number): Promise<Health>;
  /** Brings the replicas in these threads to the state of the new incarnation. */
  synchronise(threads: readonly string[], timeoutMs: number): Promise<void>;
  /** The new incarnation takes messages as soon as they reach it. */
  open(timeoutMs: number): Promise<void>;
  /** From here on the new incarnation is the one the supervisor watches. */
  commit(): void;
  /** Ends what was begun; the old incarnation goes on. Never throws. */
  rollBack(): Promise<void>;
  /** Ends the old incarnation, once every thread knows the new one. Never throws. */
  retire(known: Promise<unknown>): Promise<void>;
}
