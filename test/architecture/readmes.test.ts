import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { importsOf } from './imports-of.ts';
import { projectFiles, readProjectFile, sourceFiles } from './source-files.ts';

const files = projectFiles();

describe('READMEs', () => {
  it('each folder of the house and each room in it explains itself', () => {
    const rooms = new Set<string>();
    for (const file of sourceFiles()) {
      const [top = '', room] = file.split('/').slice(0, -1);
      rooms.add(top);
      if (room !== undefined && ['actors', 'extensions', 'runtime', 'sandbox'].includes(top)) {
        rooms.add(`${top}/${room}`);
      }
    }
    const silent = [...rooms].filter(
      (room) => !files.includes(`${room}/README.md`) && !isExplainedAbove(room),
    );
    assert.deepEqual(silent.sort(), []);
  });

  it('a README says it in five to eighty lines', () => {
    const wrong = files
      .filter((file) => file.endsWith('/README.md'))
      .map((file) => ({ file, lines: readProjectFile(file).trimEnd().split('\n').length }))
      // That of the SDK is a guide: the page of its package.
      .filter(({ file, lines }) => lines < 5 || lines > (file === 'extensions/sdk/README.md' ? 120 : 80));
    assert.deepEqual(wrong, []);
  });

  it('each dependency has its reason in the README of a folder that imports it', () => {
    const manifest = JSON.parse(readProjectFile('package.json')) as Record<string, Record<string, string>>;
    const importers = importersByPackage();
    const without = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] }).filter(
      (name) => !placesForReason(name, importers).some((file) => mentions(file, name)),
    );
    assert.deepEqual(without, []);
  });

  it('each package that is imported is a dependency', () => {
    const manifest = JSON.parse(readProjectFile('package.json')) as Record<string, Record<string, string>>;
    const known = { ...manifest['dependencies'], ...manifest['devDependencies'] };
    for (const name of importersByPackage().keys()) {
      assert.ok(name in known, `${name} is imported but no dependency of package.json`);
    }
  });
});

/** A small room may be explained in the README of the floor: `bus/` in runtime/README.md. */
function isExplainedAbove(room: string): boolean {
  const [top, name] = room.split('/');
  const readme = `${top}/README.md`;
  return name !== undefined && files.includes(readme) && readProjectFile(readme).includes(`${name}/`);
}

function importersByPackage(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  // The rows of the import test are examples, not imports.
  for (const file of sourceFiles().filter((one) => !one.startsWith('test/architecture/'))) {
    for (const { specifier } of importsOf(file, readProjectFile(file))) {
      // The SDK is a package that is made here.
      if (specifier.startsWith('.') || specifier.startsWith('node:') || specifier.startsWith('@magflock/'))
        continue;
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      found.set(name, [...(found.get(name) ?? []), file]);
    }
  }
  return found;
}

/** READMEs at or above an importing file; what nothing imports by name is explained in any of them. */
function placesForReason(name: string, importers: Map<string, string[]>): string[] {
  const of = importers.get(name) ?? [];
  const folders = of.flatMap((file) => {
    const above: string[] = [];
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) above.push(folder);
    return above;
  });
  const places = folders.map((folder) => `${folder}/README.md`);
  const all = files.filter((file) => file.endsWith('/README.md'));
  return of.length === 0 ? ['CONTRIBUTING.md', ...all] : [...new Set(places)];
}

function mentions(file: string, name: string): boolean {
  const word = new RegExp(`(^|[\\s\`(*])${name.replace(/[/.]/g, '\\$&')}([\\s\`),.:*]|$)`, 'm');
  return files.includes(file) && word.test(readProjectFile(file));
}
