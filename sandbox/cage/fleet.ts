import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { LoadRequest } from '../protocol/load-request.ts';
import type { TrustLevel } from '../protocol/trust-level.ts';
import type { Cage, CageEnd } from './cage.ts';
import type { CageWorkshop } from './cage-workshop.ts';
import { Offences } from './offences.ts';
import type { CageFleet, CageReport, Tenant, TenantHost } from './tenant.ts';

/** A cage may end while somebody is on the way into it; more than that is no accident. */
const attempts = 3;

export interface FleetSettings {
  readonly limits: Readonly<Record<TrustLevel, number>>;
  readonly spare: boolean;
  readonly onEnded: (end: CageEnd) => void;
  readonly log: (
    level: 'debug' | 'info' | 'warn',
    message: string,
    details: Readonly<Record<string, unknown>>,
  ) => void;
}

/** Which guest goes into which cage. */
export class Fleet implements CageFleet {
  readonly #workshop: CageWorkshop;
  readonly #settings: FleetSettings;
  readonly #cages = new Set<Cage>();
  readonly #ready = new WeakSet<Cage>();
  readonly #offences = new Offences();
  #spare: Cage | undefined;
  #stopped = false;

  constructor(workshop: CageWorkshop, settings: FleetSettings) {
    this.#workshop = workshop;
    this.#settings = settings;
  }

  async open(request: LoadRequest, host: TenantHost): Promise<Tenant> {
    for (let attempt = 1; ; attempt++) {
      if (this.#stopped) throw new MagFlockError('MF601', 'The cages have been stopped.');
      this.#offences.check(request.id);
      const cage = this.#place(request);
      cage.reserve();
      try {
        const seat = await cage.seat(request, host);
        this.#keepSpare();
        return seat;
      } catch (thrown) {
        const { end } = cage;
        // Its cage ended under it, by somebody else or before it came: then it is let in elsewhere.
        const innocent = end !== undefined && !(end.suspects.length === 1 && end.suspects[0] === request.id);
        if (!innocent || attempt === attempts) throw thrown;
      } finally {
        this.#drain();
      }
    }
  }

  reports(): readonly CageReport[] {
    return [...this.#cages].map((cage) => ({
      pid: cage.pid,
      // A spare one belongs to nobody yet; the narrowest level is nearest to the truth.
      trust: cage.trust ?? 'unsigned',
      tenants: cage.tenants,
      memoryBytes: cage.memoryBytes,
      startedAt: cage.startedAt.toISOString(),
      walls: this.#workshop.walls(cage, this.#ready.has(cage)),
    }));
  }

  plannedWalls(): readonly string[] {
    return this.#workshop.planned();
  }

  async prepare(): Promise<void> {
    this.#keepSpare();
    await this.#spare?.ready;
  }

  forgive(id: string): void {
    this.#offences.forgive(id);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#cages].map((cage) => cage.stop()));
  }

  #place({ id, trust }: LoadRequest): Cage {
    const company = Math.min(this.#settings.limits[trust], this.#offences.company(id));
    for (const cage of this.#cages) {
      if (cage.trust !== trust || !cage.usable) continue;
      if (cage.size >= Math.min(cage.company, company)) continue;
      cage.company = Math.min(cage.company, company);
      return cage;
    }
    const spare = this.#spare;
    this.#spare = undefined;
    const cage = spare?.usable === true ? spare : this.#make();
    cage.trust = trust;
    cage.company = company;
    return cage;
  }

  #make(): Cage {
    const cage: Cage = this.#workshop.make({
      ended: (end) => this.#onEnded(cage, end),
      vacated: () => this.#drain(),
    });
    this.#cages.add(cage);
    cage.ready.then(
      () => {
        this.#ready.add(cage);
        this.#settings.log('info', 'cage started', {
          pid: cage.pid,
          walls: this.#workshop.walls(cage, true),
        });
      },
      () => undefined,
    );
    return cage;
  }

  /** Made when somebody has come in, so that a machine without extensions runs no cage at all. */
  #keepSpare(): void {
    if (!this.#settings.spare || this.#stopped || this.#spare?.usable === true) return;
    this.#spare = this.#make();
  }

  #onEnded(cage: Cage, end: CageEnd): void {
    // Kept in the list until the process is really gone, so that `stop` waits for it.
    void cage.gone.then(() => this.#cages.delete(cage));
    if (this.#spare === cage) this.#spare = undefined;
    if (end.reason !== 'drained') {
      this.#offences.note(end);
      this.#settings.log('warn', 'cage ended', { ...end });
    }
    if (cage.output !== '')
      this.#settings.log('debug', 'output of a cage', { pid: end.pid, text: cage.output });
    this.#settings.onEnded(end);
  }

  /** Ends cages that are empty and will stay so; of the others one per level is kept for the next to come. */
  #drain(): void {
    const kept = new Set<TrustLevel>();
    for (const cage of this.#cages) {
      if (!cage.alive || cage === this.#spare || cage.trust === undefined || cage.size > 0) continue;
      const fresh = cage.usable && cage.company === this.#settings.limits[cage.trust];
      if (fresh && !kept.has(cage.trust)) kept.add(cage.trust);
      else void cage.stop();
    }
  }
}
