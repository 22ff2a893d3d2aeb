import type { ActorContext } from '../../../runtime/actor/actor-context.ts';

/** What the versions of the ledger have in common. */
export interface LedgerProtocol {
  /** Writes a number down; answers with it and the version that did. */
  write(request: { readonly from: string; readonly number: number }): {
    readonly number: number;
    readonly by: string;
  };
  /** Writes it down after that long. */
  writeSlowly(request: { readonly from: string; readonly number: number; readonly ms: number }): number;
  /** Everything that was written, in order, as `<from> <number>`. */
  written(request: null): readonly string[];
  facts(request: null): { readonly version: string; readonly incarnation: number; readonly thread: number };
  /** Sends itself `count` numbers. */
  writeToSelf(request: { readonly first: number; readonly count: number }): void;
  /** Runs until its asker cancels it. */
  runOn(request: null): Promise<string>;
  die(request: null): never;
  /** Asks another part, from this thread. */
  askOther(request: { readonly part: string; readonly method: string; readonly payload: unknown }): unknown;
}

/** Where a version is to fail, so that the swap to it must be rolled back. */
export interface LedgerFaults {
  readonly export?: 'throws' | 'hangs' | 'dies' | 'uncloneable';
  readonly adopt?: 'throws' | 'hangs' | 'dies';
  readonly start?: 'throws';
  readonly snapshot?: 'hangs';
  readonly health?: 'failed' | 'throws' | 'hangs';
}

export interface Ledger {
  readonly context: ActorContext;
  readonly lines: string[];
  readonly faults: LedgerFaults;
}
