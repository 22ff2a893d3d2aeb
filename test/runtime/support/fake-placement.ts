import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Placement } from '../../../runtime/placement/placement.ts';

/** A placement that only writes down what it is told, and fails where it is told to. */
export class FakePlacement implements Placement {
  /** `start a`, `open a`, `stop a` … in order. */
  readonly calls: string[] = [];
  /** How many of the next starts of this child fail. */
  readonly failures = new Map<string, number>();
  /** Children whose stop has to be forced. */
  readonly stuck = new Set<string>();
  readonly delays = new Map<string, number>();

  threadOf({ id }: { readonly id: string }): string {
    return id;
  }

  async start({ id }: { readonly id: string }): Promise<{ waits: boolean }> {
    this.calls.push(`start ${id}`);
    const delay = this.delays.get(id);
    if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay));
    const failures = this.failures.get(id) ?? 0;
    if (failures === 0) return { waits: false };
    this.failures.set(id, failures - 1);
    throw new MagFlockError('MF500', `${id} cannot`, { fix: `mend ${id}` });
  }

  async synchronise({ id }: { readonly id: string }, threads: readonly string[]): Promise<void> {
    if (threads.length > 0) this.calls.push(`synchronise ${id} with ${threads.join()}`);
  }

  async open({ id }: { readonly id: string }): Promise<void> {
    this.calls.push(`open ${id}`);
  }

  async stop({ id }: { readonly id: string }): Promise<'stopped' | 'killed'> {
    this.calls.push(`stop ${id}`);
    return this.stuck.has(id) ? 'killed' : 'stopped';
  }

  async healthCheck(): Promise<{ status: 'ok'; summary: string }> {
    return { status: 'ok', summary: 'fake' };
  }

  async capabilities(): Promise<readonly string[]> {
    return [];
  }
}
