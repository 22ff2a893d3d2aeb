import { fileURLToPath } from 'node:url';
import type { CageEnd } from '../../../sandbox/cage/cage.ts';
import { type CageFleetOptions, createCageFleet } from '../../../sandbox/cage/create-cage-fleet.ts';
import type { CageFleet, Syscall, Tenant, TenantHost } from '../../../sandbox/cage/tenant.ts';
import type { GuestEnd, LoadRequest } from '../../../sandbox/protocol/load-request.ts';

/** What a test sees of one guest. */
export interface FakeGuest {
  readonly tenant: Tenant;
  readonly ends: (GuestEnd & { readonly cage: string })[];
  readonly logs: string[];
  readonly syscalls: Syscall[];
  /** The value of the answer. */
  tell(
    order: Record<string, unknown>,
    options?: { ms?: number; cpuMs?: number; tag?: unknown },
  ): Promise<unknown>;
  readonly ended: Promise<GuestEnd & { readonly cage: string }>;
}

export interface FakeFleet {
  readonly fleet: CageFleet;
  readonly ends: CageEnd[];
  open(id: string, request?: Partial<LoadRequest>, syscall?: TenantHost['syscall']): Promise<FakeGuest>;
}

const base = fileURLToPath(new URL('../../../', import.meta.url));

/** Real cages with an inside that does what each call says. */
export function fakeFleet(folder: string, options: Partial<CageFleetOptions> = {}): FakeFleet {
  const ends: CageEnd[] = [];
  const fleet = createCageFleet({
    folder,
    detectionMs: 1000,
    code: {
      base,
      folders: ['sandbox/protocol', 'test/sandbox/cage/inside'],
      entry: 'test/sandbox/cage/inside/hostile.process.ts',
    },
    onEnded: (end) => ends.push(end),
    ...options,
  });
  return { fleet, ends, open: (id, request, syscall) => open(fleet, id, request, syscall) };
}

async function open(
  fleet: CageFleet,
  id: string,
  request: Partial<LoadRequest> = {},
  syscall: TenantHost['syscall'] = async () => 'value',
): Promise<FakeGuest> {
  const ends: FakeGuest['ends'] = [];
  const logs: string[] = [];
  const syscalls: Syscall[] = [];
  const { promise, resolve } = Promise.withResolvers<FakeGuest['ends'][number]>();
  const tenant = await fleet.open(
    {
      id,
      version: '1.0.0',
      trust: 'signed',
      code: '',
      memoryMegabytes: 64,
      cpuMs: 100,
      config: {},
      capabilities: [],
      features: [],
      logLinesPerSecond: 10,
      concurrentSyscalls: 4,
      ...request,
    },
    {
      syscall: (call) => {
        syscalls.push(call);
        return syscall(call);
      },
      log: (level, text) => logs.push(`${level} ${text}`),
      ended: (end) => {
        ends.push(end);
        resolve(end);
      },
    },
  );
  return {
    tenant,
    ends,
    logs,
    syscalls,
    ended: promise,
    async tell(order, { ms = 15_000, cpuMs = 50, tag } = {}) {
      const { payload } = await tenant.call('request', JSON.stringify(order), {
        deadline: Date.now() + ms,
        cpuMs,
        tag,
      });
      return JSON.parse(payload);
    },
  };
}
