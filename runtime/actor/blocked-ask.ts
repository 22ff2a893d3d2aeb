import type { AskChain } from './ask-chain.ts';

/** An ask that was made in a call and waits in the mailbox of a busy actor for longer than asks do. */
export interface BlockedAsk {
  /** Its number in its thread. */
  readonly name: number;
  /** Path of the actor it waits for. */
  readonly at: string;
  /** The calls it was made in; all of them wait for it. */
  readonly chain: AskChain;
  /** Numbers of the calls that actor runs, one of which must end first. */
  readonly behind: readonly number[];
  /** Milliseconds since the epoch at which it was first and last seen like this. */
  readonly since: number;
  readonly seen: number;
}
