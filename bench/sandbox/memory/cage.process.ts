import { setTimeout as sleep } from 'node:timers/promises';
import { serveMeasures } from '../../runtime/support/serve-measures.ts';
import { loadRequest } from '../support/load-request.ts';
import { makeFleet } from '../support/make-fleet.ts';
import { proportionalMemory } from '../support/proportional-memory.ts';
import { silentHost } from '../support/silent-host.ts';
import { slugFacts, slugGuest } from '../support/slug-guest.ts';

const { fleet, close } = await makeFleet();
serveMeasures(
  {
    /** MiB per extension, cages included, when each has answered once. */
    async each({ count }: { count: number }) {
      const before = proportionalMemory([process.pid]);
      for (let index = 0; index < count; index++) {
        const tenant = await fleet.open(loadRequest(`acme.e${index}`, slugGuest), silentHost);
        await tenant.call('before', JSON.stringify(slugFacts), { deadline: Date.now() + 5_000, cpuMs: 100 });
      }
      // Idle is who was not called for a while: a guest gives back what its start left behind, all within seconds.
      await sleep(8_000);
      const cages = fleet.reports().map(({ pid }) => pid);
      process.stderr.write(`${count} extensions in ${cages.length} cages\n`);
      return (proportionalMemory(cages) + proportionalMemory([process.pid]) - before) / count;
    },
  },
  close,
);
