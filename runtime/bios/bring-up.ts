import { performance } from 'node:perf_hooks';
import type { Motherboard } from '../motherboard/motherboard.ts';
import type { BootEvent } from './boot-event.ts';
import { emptySlots } from './empty-slots.ts';
import { listenEverywhere, type PublicAddress } from './listen-everywhere.ts';
import type { PostLine } from './post-line.ts';
import { selfTest } from './self-test.ts';

type PostEvent = Extract<BootEvent, { event: 'post' }>;

export interface BroughtUp {
  readonly address: PublicAddress;
  readonly adminUrl: string;
  readonly socket: string;
  readonly databaseUrl: string;
  /** Null unless this project never had keys. */
  readonly firstKeys: { readonly publicKey: string; readonly secretKey: string } | null;
}

export interface BringUpOptions {
  readonly cores: number;
  readonly host: string;
  readonly port: number;
  /** Lines of parts that have started and whose facts come with the steps here: CPU threads, gateway. */
  readonly started: readonly PostLine[];
}

/** Milliseconds a step after the start of the parts may take. */
const patience = { timeoutMs: 15_000 } as const;

/**
 * From running parts to "ready": the gateway reads the catalogue, the CPU threads listen, and one real request
 * with a key of its own succeeds. Reports what the slots, the memory and the patrol are made of.
 * @throws MagFlockError MF700 when that request fails
 */
export async function bringUp(
  board: Motherboard,
  options: BringUpOptions,
  show: (line: PostEvent) => void,
): Promise<BroughtUp> {
  const began = performance.now();
  const psu = board.get('psu');
  const [address, gateway, key, control, sentinel, project, status] = await Promise.all([
    listenEverywhere(board, options.cores, options),
    board.get('maggate').ask('activate', { project: 'main' }, patience),
    psu.ask(
      'createKey',
      { project: 'main', role: 'service_role', name: 'self test', ephemeral: true },
      patience,
    ),
    board.get('control').ask('addresses', null, patience),
    board.get('sentinel').ask('status', null, patience),
    board.get('storage').ask('project', { ref: 'main' }, patience),
    board.status(),
  ]);

  for (const { part, ms } of options.started.filter(({ part }) => part.startsWith('cpu-')))
    show(line('board', part, `HTTP on ${address.host}:${address.port}`, ms));
  const maggate = status.find(({ name }) => name === 'maggate');
  const found = [`Discovered ${gateway.tables} tables`, `Generated ${gateway.endpoints} endpoints`];
  const startMs = options.started.find(({ part }) => part === 'maggate')?.ms ?? 0;
  const gatewayMs = startMs + performance.now() - began;
  show(line('slots', 'slot 1', `maggate ${maggate?.version ?? ''}: ${found.join(', ')}`, gatewayMs));
  for (const slot of emptySlots.slots) show(slot);
  show(line('memory', 'L1', 'in-process cache', 0));
  for (const slot of [...emptySlots.memory, ...emptySlots.gpu, ...emptySlots.usb]) show(slot);
  for (const agent of sentinel.agents) show(line('patrol', agent.name, agent.facts, 0));

  const before = performance.now();
  const { endpoints } = await selfTest(address.url, key.key);
  const result = line('check', 'API', `GET ${address.url}/api with a key: 200`, performance.now() - before);
  const agrees = endpoints === gateway.endpoints;
  const differs = `lists ${endpoints} endpoints, maggate counted ${gateway.endpoints}`;
  show(agrees ? result : { ...result, outcome: 'warn', facts: differs, fix: 'magflock restart maggate' });
  await psu.ask('revokeKey', { project: 'main', id: key.id }, patience);
  const keys = await psu.ask('firstKeys', { project: 'main' }, patience);
  return {
    address,
    adminUrl: control.adminUrl,
    socket: control.socket,
    databaseUrl: project.databaseUrl,
    firstKeys: keys && { publicKey: keys.publicKey.key, secretKey: keys.secretKey.key },
  };
}

function line(stage: PostEvent['stage'], part: string, facts: string, ms: number): PostEvent {
  return { event: 'post', stage, part, outcome: 'ok', facts, ms: Math.round(ms), required: true };
}
