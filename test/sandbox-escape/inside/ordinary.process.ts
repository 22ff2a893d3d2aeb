// The same attempts in a cage of a daemon that is not root. Prints what got through.
import { fileURLToPath } from 'node:url';
import { fakeFleet } from '../../sandbox/cage/fake-fleet.ts';
import { attempts } from './attempts.ts';

const { open, fleet } = fakeFleet(process.argv[2] as string, {
  spare: false,
  code: {
    base: fileURLToPath(new URL('../../../', import.meta.url)),
    folders: ['sandbox/protocol', 'test/sandbox-escape/inside'],
    entry: 'test/sandbox-escape/inside/rogue.process.ts',
  },
});
const facts = JSON.parse(process.argv[3] as string) as unknown;
const rogue = await open('rogue');
const walls = fleet.reports()[0]?.walls;
const through: string[] = [];
for (const name of Object.keys(attempts)) {
  // A signal to its own group ends what waits for it, and so itself.
  if (name === 'debugParent') continue;
  const found = await rogue.tell({ do: name, facts });
  if (!String(found).startsWith('held: ')) through.push(name);
}
process.stdout.write(JSON.stringify({ walls, through }));
await fleet.stop();
