import assert from 'node:assert/strict';
import { compatibility, type MachineFacts } from '../../../sandbox/package/compatibility.ts';
import { plainManifest } from './package-of.ts';

const machine: MachineFacts = {
  engine: '0.4.0',
  extensionApi: 1,
  components: ['storage', 'cpu'],
  installed: [
    { id: 'acme.base', name: 'base', version: '1.2.0' },
    {
      id: 'acme.user',
      name: 'user',
      version: '1.0.0',
      manifest: { dependencies: { 'acme.hello': '^1.0.0' } },
    },
    { id: 'other.taken', name: 'taken', version: '1.0.0' },
    { id: 'acme.kept', name: 'kept', version: '2.0.0', trust: 'signed' },
  ],
};
const kept = { id: 'acme.kept', name: 'kept', version: '2.1.0' };

describe('sandbox: compatibility of a package', () => {
  const rows: readonly (readonly [change: object, sentences: readonly string[], options?: object])[] = [
    [{}, []],
    [{ engine: '>=0.3.0 <0.5.0', extensionApi: 1, requiredComponents: ['storage'] }, []],
    [{ engine: '>=0.5.0' }, ['It needs MagFlock >=0.5.0; this is 0.4.0.']],
    [{ extensionApi: 2 }, ['It needs version 2 of the extension API; this MagFlock has 1.']],
    [{ requiredComponents: ['gpu'] }, ['It needs the part gpu; this machine has storage, cpu.']],
    [{ dependencies: { 'acme.base': '^1.1.0' } }, []],
    [
      { dependencies: { 'acme.base': '^2.0.0' } },
      ['It needs the extension acme.base ^2.0.0; 1.2.0 is installed.'],
    ],
    [{ dependencies: { 'acme.none': '*' } }, ['It needs the extension acme.none *; it is not installed.']],
    [
      { id: 'acme.taken', name: 'taken' },
      ['The name taken is taken by other.taken: its routes would be the same. Remove that one first.'],
    ],
    [{ version: '2.0.0' }, ['acme.user needs acme.hello ^1.0.0; this is 2.0.0.']],
    [kept, [], { trust: 'signed' }],
    [
      { ...kept, version: '1.9.9' },
      ['Version 2.0.0 is installed and 1.9.9 is older: it may have faults that were mended.'],
      { trust: 'signed' },
    ],
    [{ ...kept, version: '1.9.9' }, [], { trust: 'signed', allowDowngrade: true }],
    [
      kept,
      ['The installed version is signed and this one is unsigned: an update cannot lose trust.'],
      { trust: 'unsigned' },
    ],
    [kept, [], { trust: 'core' }],
  ];
  for (const [change, sentences, options] of rows) {
    it(sentences[0] ?? `${JSON.stringify(change)} fits`, () =>
      assert.deepEqual(compatibility({ ...plainManifest, ...change }, machine, options), sentences),
    );
  }
});
