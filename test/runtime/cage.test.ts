import assert from 'node:assert/strict';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CageSpec, ChildSpec } from '../../runtime/supervision/child-spec.ts';
import { FakeCage } from './support/fake-cage.ts';
import { echo, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const caged = (more: Partial<CageSpec> = {}): ChildSpec =>
  echo('caged', { placement: { kind: 'cage', ...more }, shutdownMs: 500 });

describe('a part in a cage', () => {
  const refusals: [title: string, specs: ChildSpec[]][] = [
    ['alone', [caged()]],
    ['in a group', [{ id: 'group', supervisor: { strategy: 'one_for_one', children: [caged()] } } as never]],
  ];
  for (const [title, specs] of refusals) {
    it(`(${title}) is refused where no cage is plugged in, with the field that asks for it`, () => {
      assert.throws(
        () => makeMachine(specs),
        (error: MagFlockError) => {
          assert.equal(error.code, 'MF608');
          assert.match(error.message, /caged\.placement is cage, and no cage is plugged in/);
          assert.deepEqual(error.details, { part: 'caged', field: 'placement' });
          assert.match(error.fix ?? '', /placements: \{ cage \}/);
          return true;
        },
      );
    });
  }

  for (const field of ['memoryMegabytes', 'heartbeatMs']) {
    it(`with a faulty ${field} is refused with its name`, () => {
      const cage = (host: ConstructorParameters<typeof FakeCage>[0]) => new FakeCage(host);
      assert.throws(
        () => makeMachine([caged({ [field]: 0 })], {}, { placements: { cage } }),
        new RegExp(`caged\\.placement ${field} must be a whole number, 1 or more`),
      );
    });
  }

  describe('where one is plugged in', () => {
    let machine: Machine;
    let cage: FakeCage;

    async function boot(spec: ChildSpec): Promise<void> {
      const plug = (host: ConstructorParameters<typeof FakeCage>[0]) => {
        cage = new FakeCage(host);
        return cage;
      };
      machine = makeMachine([spec], {}, { placements: { cage: plug } });
      await machine.motherboard.boot();
    }
    afterEach(() => machine.close());

    it('answers through its front, and the tree says where it is', async () => {
      await boot(caged());
      assert.equal(await machine.ref('caged').ask('echo', 'free'), 'free');
      assert.notEqual(await machine.ref('caged').ask('thread', null), 0);
      const [part] = await machine.motherboard.status();
      assert.equal(part?.placement, 'cage');
      assert.equal(part?.version, '1.2.3');
      assert.deepEqual(part?.capabilities, ['echoes']);
      assert.equal(part?.health?.status, 'ok');
    });

    it('that is silent for longer than its heartbeat allows is killed and starts again', async () => {
      await boot(caged({ heartbeatMs: 300 }));
      const stuck = machine.ref('caged').ask('die', { how: 'spin' });
      await assert.rejects(stuck, (error: MagFlockError) => error.code === 'MF601');
      assert.deepEqual(cage.kills, ['no sign of life for 300 ms']);
      await until('it is back', async () => (await machine.motherboard.status())[0]?.restarts === 1);
      assert.equal(await machine.ref('caged').ask('echo', 'back'), 'back');
    });

    it('tells facts without being asked itself', async () => {
      await boot(caged());
      const facts = await cage.facts(caged());
      assert.ok(facts.pid !== null && facts.memoryBytes > 0 && facts.silentMs < 5_000);
      await machine.motherboard.unregister('caged');
      assert.equal((await cage.facts(caged())).pid, null);
    });
  });
});
