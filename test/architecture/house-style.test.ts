import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { exportsOf } from './exports-of.ts';
import { projectFiles, readProjectFile, sourceFiles } from './source-files.ts';

const program = /^(config|runtime|actors|sandbox|extensions)\//;
const topLevel = [
  'actors',
  'bench',
  'bootstrap',
  'config',
  'extensions',
  'runtime',
  'sandbox',
  'test',
  '.ci',
];
const vague = ['utils', 'util', 'helpers', 'lib', 'common', 'misc', 'shared', 'src', 'docs', 'packages'];

describe('house style', () => {
  it('the top level has only the rooms of the house', () => {
    const folders = new Set(
      projectFiles()
        .filter((file) => file.includes('/'))
        .map((file) => file.split('/')[0]!),
    );
    assert.deepEqual(
      [...folders].filter((folder) => !topLevel.includes(folder)),
      [],
    );
  });

  it('no folder has a name that says nothing', () => {
    const found = projectFiles().filter((file) =>
      file
        .split('/')
        .slice(0, -1)
        .some((part) => vague.includes(part)),
    );
    assert.deepEqual(found, []);
  });

  it('files are named in kebab-case', () => {
    const found = sourceFiles().filter(
      (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/.test(basename(file)),
    );
    assert.deepEqual(
      // The stages of a request are numbered, so that a listing shows their order.
      found.filter((file) => !/\/\d+-[a-z-]+\.stage\.ts$/.test(file)),
      [],
    );
  });

  it('nothing is exported as default, but the extension of an entry that runs in an isolate', () => {
    const manifests = projectFiles().filter((file) => file.endsWith('/magflock.extension.json'));
    const entries = manifests.map((file) => `${dirname(file)}/index.ts`);
    const found = sourceFiles()
      .filter((file) => !entries.includes(file))
      .filter((file) => /^export default\b/m.test(readProjectFile(file)));
    assert.deepEqual(found, []);
  });

  it('the only files that just hand on exports are the public entries of the SDK', () => {
    const barrels = sourceFiles().filter((file) => {
      const text = readProjectFile(file);
      const { own, handedOn } = exportsOf(text);
      return handedOn > 0 && own.length === 0;
    });
    assert.deepEqual(barrels, ['extensions/sdk/gateway.ts', 'extensions/sdk/index.ts']);
  });

  it('a file shares a word of its name with a thing that it exports', () => {
    const wrong = named().flatMap(({ file, own }) =>
      own.some((name) => shareWord(file, name)) ? [] : [`${file} exports ${own.join(', ')}`],
    );
    assert.deepEqual(wrong, []);
  });

  it('four files in five are named exactly after a thing that they export', () => {
    const exact = named().filter(({ file, own }) => own.some((name) => isNamedAfter(file, name)));
    assert.ok(exact.length >= named().length * 0.8, `${exact.length} of ${named().length}`);
  });

  it('only erasable TypeScript is used', () => {
    const found = sourceFiles().filter((file) =>
      /^\s*(export\s+)?(declare\s+)?(const\s+)?(enum|namespace)\s+\w+\s*\{/m.test(readProjectFile(file)),
    );
    assert.deepEqual(found, []);
  });

  it('no test is switched off or alone', () => {
    const found = sourceFiles().filter((file) =>
      /\b(it|describe)\.(only|skip)\(/.test(readProjectFile(file)),
    );
    assert.deepEqual(
      found.filter((file) => file !== 'test/architecture/house-style.test.ts'),
      [],
    );
  });
});

function named(): readonly { file: string; own: readonly string[] }[] {
  return sourceFiles()
    .filter((file) => program.test(file))
    .map((file) => ({ file, own: exportsOf(readProjectFile(file)).own }))
    .filter(({ own }) => own.length > 0);
}

/** `psu.actor.ts` may export `actor`, `psu` or `psuActor`; compared without case and dashes. */
function isNamedAfter(file: string, name: string): boolean {
  const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase();
  const [stem = '', role = ''] = basename(file, '.ts').replace(/^\d+-/, '').split('.');
  const wanted = [stem, `${stem}${role}`, role].filter((one) => one !== '').map(plain);
  return wanted.includes(plain(name));
}

/** One word may be a form of the other: `keys.routes.ts` and `keyRoutes`, `listen.ts` and `Listener`. */
function shareWord(file: string, name: string): boolean {
  const ofFile = basename(file, '.ts')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const ofName = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return ofFile.some((a) => ofName.some((b) => a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a))));
}
