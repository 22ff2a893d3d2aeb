import { Cage, type CageSettings } from './cage.ts';
import type { CageImage } from './cage-image.ts';
import { CageGroup } from './confine/cage-group.ts';
import { chooseWalls } from './confine/choose-walls.ts';
import { confinedCommand } from './confine/confined-command.ts';
import { freeUid } from './confine/free-uid.ts';
import { type HostTools, hostTools } from './confine/host-tools.ts';
import { measureWalls } from './confine/measure-walls.ts';
import { possibleWalls } from './confine/possible-walls.ts';
import type { Wall } from './confine/wall.ts';

/** What an engine reserves as writable before it holds anything, measured on Linux x64: 1.1 GB. */
const engineReserve = 2 ** 31;
/** What it reserves besides for each isolate: 528 MB, nearly all of it never touched. */
const isolateReserve = 600 * 2 ** 20;

export interface CageWorkshopSettings {
  /** Makes the image; asked once. */
  readonly image: () => CageImage;
  /** Whether this process may give a cage another identity: then it must. */
  readonly root: boolean;
  readonly detectionMs: number;
  readonly memoryBytes: number;
  /** Most isolates of a cage. */
  readonly isolates: number;
  readonly cgroup: string | undefined;
}

/** Builds cages: knows the image and the walls that work on this machine, which it finds out at the first. */
export class CageWorkshop {
  readonly #settings: CageWorkshopSettings;
  #found: { image: CageImage; tools: HostTools; walls: ReadonlySet<Wall> } | undefined;
  readonly #groups = new WeakMap<Cage, CageGroup>();
  readonly #walls = new WeakMap<Cage, readonly Wall[]>();

  constructor(settings: CageWorkshopSettings) {
    this.#settings = settings;
  }

  make({ ended, vacated }: Pick<CageSettings, 'ended' | 'vacated'>): Cage {
    const { root, detectionMs, memoryBytes, isolates, cgroup } = this.#settings;
    const uid = root ? freeUid() : undefined;
    // A backstop: what a cage really holds is watched from outside.
    const dataBytes = memoryBytes + engineReserve + isolates * isolateReserve;
    if (this.#found?.image.isThere() !== true) this.#found = this.#find(uid, dataBytes);
    // Mandatory: what runs as root, or as the daemon, is not started for a guest.
    const lacking = (pid: number) =>
      root && process.platform === 'linux' && !measureWalls(pid).includes('uid') ? 'uid' : undefined;
    const command = confinedCommand({ ...this.#found, uid, dataBytes });
    const cage = new Cage({ command, detectionMs, memoryBytes, ended, vacated, lacking });
    if (cgroup !== undefined) {
      const group = new CageGroup(cgroup, memoryBytes);
      this.#groups.set(cage, group);
      cage.ready.then(
        () => group.add(cage.pid),
        () => undefined,
      );
      void cage.gone.then(() => group.remove());
    }
    return cage;
  }

  /** Walls of a cage that is to come: those that were tried here, before that those there are tools for. */
  planned(): readonly Wall[] {
    const { root, cgroup } = this.#settings;
    const walls = this.#found?.walls ?? possibleWalls(hostTools(), root ? 1 : undefined);
    return [...walls, ...(cgroup === undefined ? [] : (['cgroup'] as const))];
  }

  /** As the kernel tells it, once the cage is ready; before that nothing is known. */
  walls(cage: Cage, ready: boolean): readonly Wall[] {
    const known = this.#walls.get(cage);
    if (known !== undefined || !ready) return known ?? [];
    const walls = measureWalls(cage.pid, this.#groups.get(cage)?.name);
    this.#walls.set(cage, walls);
    return walls;
  }

  #find(
    uid: number | undefined,
    dataBytes: number,
  ): { image: CageImage; tools: HostTools; walls: ReadonlySet<Wall> } {
    const image = this.#settings.image();
    const tools = hostTools();
    return { image, tools, walls: chooseWalls(image, tools, uid, dataBytes) };
  }
}
