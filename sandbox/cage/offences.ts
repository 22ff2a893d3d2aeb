import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CageEnd } from './cage.ts';

const quarantineAt = 3;
const aloneAt = 2;
/** When nothing points to one of many, they are sorted into smaller cages until something does. */
const split = 8;
/** Of a guest that has ended no cage for so long, the old ones do not count. */
const forgottenAfterMs = 24 * 60 * 60 * 1000;

interface Record {
  /** Cages that ended while it was under suspicion. */
  ended: number;
  /** Most tenants of a cage that it may be in. */
  company: number;
  /** Of the last of them. */
  at: number;
}

/**
 * Who ended how many cages. A guest that has escaped can make another look guilty, so suspicion alone costs no more
 * than company: nobody is put into quarantine but for a cage that it had for itself.
 */
export class Offences {
  readonly #records = new Map<string, Record>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Most tenants of the next cage for this one. */
  company(id: string): number {
    return this.#records.get(id)?.company ?? Number.POSITIVE_INFINITY;
  }

  /** @throws MF663 */
  check(id: string): void {
    const record = this.#records.get(id);
    if (record === undefined || record.company > 0) return;
    throw new MagFlockError('MF663', `${id} has ended ${record.ended} cages.`, {
      details: { reason: 'cages', ended: record.ended },
    });
  }

  note({ suspects, tenants }: Pick<CageEnd, 'suspects' | 'tenants'>): void {
    const alone = tenants.length === 1;
    for (const id of new Set(suspects)) {
      const at = this.#now();
      const last = this.#records.get(id);
      const counts = last !== undefined && at - last.at < forgottenAfterMs;
      const record = counts ? last : { ended: 0, company: Number.POSITIVE_INFINITY, at };
      this.#records.set(id, record);
      record.at = at;
      record.ended += 1;
      if (record.ended >= quarantineAt && alone) record.company = 0;
      else if (suspects.length > split) record.company = Math.ceil(suspects.length / split);
      else if (record.ended >= aloneAt) record.company = 1;
    }
  }

  forgive(id: string): void {
    this.#records.delete(id);
  }
}
