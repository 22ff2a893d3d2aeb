import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Settings, settingDefinitions } from '../../../config/settings.ts';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import {
  createMotherboard,
  type Motherboard,
  type MotherboardOptions,
} from '../../../runtime/motherboard/motherboard.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { ChildSpec } from '../../../runtime/supervision/child-spec.ts';
import type { EchoProtocol } from '../fixtures/echo.actor.ts';

export const defaultSettings = Object.fromEntries(
  Object.entries(settingDefinitions).map(([name, { default: value }]) => [name, value]),
) as unknown as Settings;

export interface Machine {
  readonly motherboard: Motherboard;
  /** A ref as the fixtures understand it. */
  ref<P = EchoProtocol>(name: string): ActorRef<P>;
  close(): Promise<void>;
}

/** URL of a fixture: `fixture('echo.actor')`. */
export function fixture(name: string): URL {
  return moduleUrl(`../fixtures/${name}`, import.meta.url);
}

/** An echo actor in a thread of its own. */
export function echo(id: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return { id, module: fixture('echo.actor'), placement: { kind: 'thread' }, ...more };
}

/** A machine with these parts, not yet booted. */
export function makeMachine(
  specs: readonly ChildSpec[],
  supervision: NonNullable<MotherboardOptions['supervision']> = {},
  more: Pick<MotherboardOptions, 'spareThread' | 'placements' | 'logFile'> = {},
): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-runtime-'));
  const motherboard = createMotherboard({
    settings: defaultSettings,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '0.0.0-test',
    statePath: join(folder, 'state.json'),
    logFile: null,
    supervision,
    ...more,
  });
  for (const spec of specs) motherboard.register(spec);
  return {
    motherboard,
    ref: <P>(name: string) => motherboard.get(name as never) as unknown as ActorRef<P>,
    async close() {
      await motherboard.shutdown({ reason: 'test ends' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A booted machine. */
export async function bootMachine(specs: readonly ChildSpec[]): Promise<Machine> {
  const machine = makeMachine(specs);
  await machine.motherboard.boot();
  return machine;
}
