import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { CageFleet, Tenant, TenantHost } from '../../../sandbox/cage/tenant.ts';
import { guestHandlers } from '../../../sandbox/isolate/guest-handlers.ts';
import type { GuestEntry } from '../../../sandbox/protocol/guest-entry.ts';
import type { GuestEnd, LoadRequest } from '../../../sandbox/protocol/load-request.ts';

export interface GuestCallFacts {
  readonly payload: unknown;
  readonly tag: unknown;
  readonly deadline: number;
  readonly host: TenantHost;
}

/** A guest of the tests: what it answers per entry, as JSON. `null` for entries it does not name. */
export type FakeGuest = Partial<Record<GuestEntry, (facts: GuestCallFacts) => unknown>> & {
  /** Runs when it is loaded; throws when it does not load. */
  readonly load?: (request: LoadRequest) => void | Promise<void>;
};

interface Seat {
  readonly id: string;
  readonly code: string;
  readonly host: TenantHost;
  readonly fail: (error: MagFlockError) => void;
  over: boolean;
}

/** Cages without cages: guests are objects of the test, found by the text of their code. */
export class FakeFleet implements CageFleet {
  readonly guests = new Map<string, FakeGuest>();
  readonly calls: { readonly code: string; readonly entry: GuestEntry; readonly payload: unknown }[] = [];
  readonly forgiven: string[] = [];
  readonly #seats = new Set<Seat>();

  get loaded(): readonly string[] {
    return [...this.#seats].map(({ code }) => code);
  }

  async open(request: LoadRequest, host: TenantHost): Promise<Tenant> {
    const guest = this.guests.get(request.code);
    if (guest === undefined) throw new MagFlockError('MF660', `no guest for ${request.code}`);
    await guest.load?.(request);
    const waiting = new Set<(error: MagFlockError) => void>();
    const seat: Seat = {
      id: request.id,
      code: request.code,
      host,
      over: false,
      fail: (error) => {
        for (const reject of waiting) reject(error);
      },
    };
    this.#seats.add(seat);
    const entries = Object.keys(guestHandlers) as GuestEntry[];
    return {
      guest: {
        handlers: entries.filter((entry) => guest[entry] !== undefined).map((entry) => guestHandlers[entry]),
      },
      pid: 1,
      call: (entry, payload, { deadline, tag }) =>
        new Promise((resolve, reject) => {
          if (seat.over) return reject(new MagFlockError('MF601', 'the cage is gone'));
          waiting.add(reject);
          const facts = { payload: JSON.parse(payload) as unknown, tag, deadline, host };
          this.calls.push({ code: request.code, entry, payload: facts.payload });
          const done = (async () => (await guest[entry]?.(facts)) ?? null)();
          done.then(
            (value) =>
              resolve({ payload: typeof value === 'string' ? value : JSON.stringify(value), cpuMicros: 10 }),
            reject,
          );
          void done.catch(() => {}).finally(() => waiting.delete(reject));
        }),
      vitals: () => ({ busyMs: 0, heapBytes: 1_000, cpuMs: 0, calls: 0 }),
      close: async () => {
        if (seat.over) return;
        seat.over = true;
        this.#seats.delete(seat);
        seat.fail(new MagFlockError('MF601', 'closed'));
      },
    };
  }

  /** The isolates of these guests end; `killed`: with their cage. */
  end(code: string, reason: GuestEnd['reason'] = 'fault', cage: 'alive' | 'killed' = 'alive'): void {
    for (const seat of [...this.#seats].filter((each) => each.code === code)) {
      seat.over = true;
      this.#seats.delete(seat);
      seat.fail(new MagFlockError(reason === 'cpu' ? 'MF661' : 'MF601', `ended: ${reason}`));
      seat.host.ended({ reason, detail: 'as the test says', cage });
    }
  }

  reports() {
    return [];
  }

  plannedWalls() {
    return ['permission'];
  }

  async prepare(): Promise<void> {}

  forgive(id: string): void {
    this.forgiven.push(id);
  }

  async stop(): Promise<void> {
    this.#seats.clear();
  }
}
