// A daemon that was started with a file open: its cages must not have it.
import { fileURLToPath } from 'node:url';
import { fakeFleet } from '../../sandbox/cage/fake-fleet.ts';

const { open, fleet } = fakeFleet(process.argv[2] as string, {
  spare: false,
  code: {
    base: fileURLToPath(new URL('../../../', import.meta.url)),
    folders: ['sandbox/protocol', 'test/sandbox-escape/inside'],
    entry: 'test/sandbox-escape/inside/rogue.process.ts',
  },
});
const rogue = await open('rogue');
process.stdout.write(JSON.stringify(await rogue.tell({ do: 'readDescriptors' })));
await fleet.stop();
