// A daemon that is about to be killed: it has a fleet with a cage that spins, and a spare one.
import { fakeFleet } from '../fake-fleet.ts';

const { open, fleet } = fakeFleet(process.argv[2] as string, { detectionMs: 60_000 });
const guest = await open('a');
guest.tell({ do: 'spin' }).catch(() => undefined);
const other = await open('b', { trust: 'core' });
await other.tell({ do: 'echo' });
for (;;) {
  const reports = fleet.reports();
  if (reports.length === 3 && reports.every(({ walls }) => walls.length > 0)) {
    process.stdout.write(`${JSON.stringify(reports.map(({ pid }) => pid))}\n`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
