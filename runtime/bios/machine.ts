import { availableParallelism } from 'node:os';
import type { Settings } from '../../config/settings.ts';
import { moduleUrl } from '../placement/module-url.ts';
import type { Permission } from '../protocol/extension-manifest.ts';
import type { KeyMaterial } from '../protocol/key-material.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';

export interface MachineOptions {
  readonly settings: Settings;
  readonly keys: KeyMaterial;
  /** Of MagFlock, for the ranges in manifests of extensions. */
  readonly version: string;
  /** Arguments of the control part (`actors/control/control-args.ts`). */
  readonly control: unknown;
}

const part = (path: string): URL => moduleUrl(`../../${path}`, import.meta.url);

const shipped = 'Shipped with MagFlock.';

/** What the operator grants to the extensions shipped: what each one's manifest asks for, and no more. */
const grants = {
  maggate: [
    { capability: 'catalog.read', scope: ['*'], reason: shipped },
    { capability: 'catalog.watch', scope: ['*'], reason: shipped },
    { capability: 'query.plan', scope: ['*'], reason: shipped },
    { capability: 'http.mount', scope: ['/api', '/batch/v1', '/rest/v1'], reason: shipped },
  ],
} as const satisfies Record<string, readonly Permission[]>;

/**
 * The machine as data: every part, what it requires, and the keys it gets. The supervision tree is built from
 * this list and from nothing else.
 */
export function machine({ settings, keys, version, control }: MachineOptions): readonly ChildSpec[] {
  const { logins, audit, signatures, tokens, secrets, authority } = keys;
  const maggate = {
    grants: grants.maggate,
    config: { defaultLimit: settings['api.defaultLimit'], maxLimit: settings['api.maxLimit'] },
  };
  const thread = { kind: 'thread' } as const;
  const cores = settings.cores === 0 ? availableParallelism() : settings.cores;
  return [
    {
      id: 'storage',
      module: part('actors/storage/storage.actor'),
      args: { logins },
      placement: thread,
      // A first boot makes the database; on a slow disk that takes its time.
      startMs: 120_000,
      // PostgreSQL writes its checkpoint before it goes.
      shutdownMs: 20_000,
    },
    {
      id: 'psu',
      module: part('actors/psu/psu.actor'),
      args: { signatures, tokens, secrets, authority },
      placement: thread,
      requires: ['storage'],
    },
    {
      id: 'audit',
      module: part('actors/audit/audit.actor'),
      args: { audit },
      placement: thread,
      requires: ['storage', 'psu'],
      shutdownMs: 10_000,
    },
    {
      id: 'sentinel',
      module: part('actors/sentinel/sentinel.actor'),
      placement: thread,
      requires: ['audit'],
    },
    {
      id: 'patrol',
      module: part('actors/sentinel/patrol/patrol.actor'),
      placement: {
        kind: 'pool',
        workers: settings['sentinel.workers'] || Math.max(1, Math.floor(cores / 2)),
        queue: settings['sentinel.queue'],
      },
      // Without models signatures decide alone.
      required: false,
    },
    {
      id: 'control',
      module: part('actors/control/control.actor'),
      args: control,
      placement: thread,
      requires: ['storage', 'psu', 'audit', 'sentinel'],
    },
    {
      id: 'maggate',
      module: part('sandbox/slot/extension.actor'),
      args: { module: part('extensions/maggate/extension').href, ...maggate },
      placement: thread,
      requires: ['storage'],
      slot: 'extension',
    },
    {
      id: 'extensions',
      module: part('sandbox/extensions.actor'),
      args: { engine: version },
      placement: thread,
      // Writes of extensions go into the trail with rows of their own transactions.
      replicas: [{ name: 'audit', module: part('actors/audit/audit.replica'), args: { audit } }],
      requires: ['storage', 'psu', 'audit'],
      startMs: 60_000,
      shutdownMs: 15_000,
    },
    ...Array.from(
      { length: cores },
      (_, index): ChildSpec => ({
        id: `cpu-${index}`,
        module: part('actors/cpu/cpu.actor'),
        args: { mounts: ['maggate', 'extensions'] },
        placement: thread,
        replicas: [
          { name: 'psu', module: part('actors/psu/psu.replica') },
          { name: 'audit', module: part('actors/audit/audit.replica'), args: { audit } },
          { name: 'sentinel', module: part('actors/sentinel/sentinel.replica') },
          { name: 'storage', module: part('actors/storage/storage.replica') },
          {
            name: 'maggate',
            module: part('sandbox/slot/gateway.replica'),
            args: { module: part('extensions/maggate/gateway').href, ...maggate },
          },
          { name: 'extensions', module: part('sandbox/gate/extensions.replica') },
        ],
        requires: ['storage', 'psu', 'audit', 'sentinel', 'maggate', 'extensions'],
        shutdownMs: settings['shutdown.drainMs'] + 2000,
      }),
    ),
  ];
}
