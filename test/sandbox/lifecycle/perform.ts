import { basicPermissions, type LifecycleWorld } from './lifecycle-world.ts';

export type Act = 'install' | 'update' | 'remove' | 'stage';

const projects = ['main', 'shop'];

/** One operation on `acme.orders`, the same in tests and in the processes that are killed. */
export async function perform({ lifecycle, pack }: LifecycleWorld, act: Act): Promise<void> {
  switch (act) {
    case 'install':
      await lifecycle.install({ file: pack(), projects, grants: basicPermissions });
      return;
    case 'update':
      await lifecycle.update({ file: pack({ version: '1.1.0', migrations: 3 }), projects: [] });
      return;
    case 'stage': {
      const permissions = [
        ...basicPermissions,
        { capability: 'net.fetch', scope: ['example.com'], reason: 'sends' } as const,
      ];
      await lifecycle.update({ file: pack({ version: '2.0.0', permissions }), projects: [] });
      return;
    }
    case 'remove':
      await lifecycle.remove({ id: 'orders' });
      return;
  }
}
