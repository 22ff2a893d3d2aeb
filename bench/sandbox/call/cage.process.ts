import { loadRequest } from '../support/load-request.ts';
import { makeFleet } from '../support/make-fleet.ts';
import { silentHost } from '../support/silent-host.ts';
import { slugFacts, slugGuest } from '../support/slug-guest.ts';
import { measureCalls } from './measure-calls.ts';

const { fleet, close } = await makeFleet();
const tenant = await fleet.open(loadRequest('acme.slug', slugGuest), silentHost);
measureCalls(async () => {
  const { payload } = await tenant.call('before', JSON.stringify(slugFacts), {
    deadline: Date.now() + 5_000,
    cpuMs: 100,
  });
  return JSON.parse(payload);
}, close);
