import { serveMeasures } from '../../runtime/support/serve-measures.ts';
import { loadRequest } from '../support/load-request.ts';
import { makeFleet } from '../support/make-fleet.ts';
import { silentHost } from '../support/silent-host.ts';
import { slugFacts, slugGuest } from '../support/slug-guest.ts';

const { fleet, close } = await makeFleet();
// The cage is warm: somebody lives in it already.
await fleet.open(loadRequest('acme.first', slugGuest), silentHost);
let count = 0;
serveMeasures(
  {
    /** Milliseconds from nothing to the first answer. */
    async start() {
      const startedAt = performance.now();
      const tenant = await fleet.open(loadRequest(`acme.e${count++}`, slugGuest), silentHost);
      await tenant.call('before', JSON.stringify(slugFacts), { deadline: Date.now() + 5_000, cpuMs: 100 });
      const tookMs = performance.now() - startedAt;
      await tenant.close();
      return tookMs;
    },
  },
  close,
);
