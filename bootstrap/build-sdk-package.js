import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sdk = 'extensions/sdk';
/** Packages that the harness needs at run time; the entry for guests needs none. */
const packages = ['esbuild', 'isolated-vm'];

/**
 * Makes the package `@magflock/sdk`, ready for `npm pack`: its entries compiled with all they import, in the layout
 * of the repository, so that no import has to be rewritten, and nothing else of MagFlock.
 * @param {string} folder is made anew
 * @returns {boolean} false when it does not compile
 */
export function buildSdkPackage(folder) {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const source = read(`${sdk}/package.json`);
  const modules = Object.entries(source.exports).filter(([, entry]) => entry.endsWith('.ts'));
  const program = read('package.json');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const configuration = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: { rootDir: root, outDir: folder, typeRoots: [join(root, 'node_modules', '@types')] },
    include: [],
    files: modules.map(([, entry]) => join(root, sdk, entry)),
  };
  const configFile = join(folder, 'tsconfig.json');
  writeFileSync(configFile, JSON.stringify(configuration));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = spawnSync(process.execPath, [tsc, '-p', configFile], { cwd: root, stdio: 'inherit' });
  rmSync(configFile);
  if (compiled.status !== 0) return false;
  importJavaScript(folder);
  const exported = modules.map(([name, entry]) => {
    const path = `./${sdk}/${entry.slice(2, -'.ts'.length)}`;
    return [name, { types: `${path}.d.ts`, default: `${path}.js` }];
  });
  const dependencies = Object.fromEntries(packages.map((name) => [name, program.dependencies[name]]));
  const schema = 'magflock.extension.schema.json';
  if (existsSync(join(root, sdk, schema))) {
    cpSync(join(root, sdk, schema), join(folder, schema));
    exported.push([`./${schema}`, `./${schema}`]);
  }
  const manifest = {
    ...source,
    version: program.version,
    exports: Object.fromEntries(exported),
    dependencies,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, sdk, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  return true;
}

/** The compiler leaves `.ts` in the imports of declarations; an author's may not know them. */
function importJavaScript(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(\bfrom '|\bimport\(')(\.[^']*)\.ts'/g, "$1$2.js'"));
  }
}
