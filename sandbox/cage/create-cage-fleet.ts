import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { TrustLevel } from '../protocol/trust-level.ts';
import type { CageEnd } from './cage.ts';
import { type CageCode, cageImage } from './cage-image.ts';
import { CageWorkshop } from './cage-workshop.ts';
import { Fleet } from './fleet.ts';
import type { CageFleet } from './tenant.ts';

export interface CageFleetOptions {
  /** Where an ordinary user's image goes; under root it goes to /var/lib/magflock/cage, since others must read it. */
  readonly folder: string;
  /** How long a cage or an isolate may give no sign of life before it is killed, milliseconds; default 1,000. */
  readonly detectionMs?: number;
  /** Most tenants of one cage; default 250, for `unsigned` 16. */
  readonly tenantsPerCage?: Partial<Readonly<Record<TrustLevel, number>>>;
  /** Physical memory of one cage, megabytes; default half of the machine's, at most 4,096. */
  readonly memoryMegabytes?: number;
  /** Keeps one empty cage ready from the first tenant on; default true. */
  readonly spare?: boolean;
  /** A control group of the operating system that was delegated to us; cages get groups below it. */
  readonly cgroup?: string | undefined;
  /** What runs inside; default: ours. For tests. */
  readonly code?: CageCode;
  /** A cage has ended, for whatever reason. */
  readonly onEnded?: (end: CageEnd) => void;
  /** Facts for operators; text of a cage is in `details`, never in the message. */
  readonly log?: (
    level: 'debug' | 'info' | 'warn',
    message: string,
    details: Readonly<Record<string, unknown>>,
  ) => void;
}

/**
 * All cages of a machine. No process starts before the first tenant comes. Cages die with the thread that made the
 * fleet.
 */
export function createCageFleet(options: CageFleetOptions): CageFleet {
  const root = process.getuid?.() === 0;
  const folder = root ? '/var/lib/magflock/cage' : join(options.folder, 'cage');
  const memory = options.memoryMegabytes ?? Math.min(4096, Math.floor(totalmem() / 2 ** 21));
  const limits = { core: 250, signed: 250, unsigned: 16, ...options.tenantsPerCage };
  const workshop = new CageWorkshop({
    image: () => cageImage(folder, options.code),
    root,
    detectionMs: options.detectionMs ?? 1000,
    memoryBytes: memory * 2 ** 20,
    isolates: Math.max(...Object.values(limits)),
    cgroup: options.cgroup,
  });
  return new Fleet(workshop, {
    limits,
    spare: options.spare ?? true,
    onEnded: options.onEnded ?? (() => undefined),
    log: options.log ?? (() => undefined),
  });
}
