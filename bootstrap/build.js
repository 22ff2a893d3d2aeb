// Compiles the program into `dist/` for `npm pack`: TypeScript to JavaScript with declarations, every other
// file of the program folders (SQL, JSON …) copied beside it, so that `new URL('./x.sql', import.meta.url)`
// holds in both. Extensions that run in cages, and the templates for their authors, are copied as they are: they
// are bundled when they are packed. `dist/sdk-package` is the package `@magflock/sdk`. Run through `npm run build`.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSdkPackage } from './build-sdk-package.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
// Asked of the compiler's own configuration, so that the two lists cannot differ.
const { include: folders, exclude: asTheyAre } = JSON.parse(
  readFileSync(join(root, 'tsconfig.build.json'), 'utf8'),
);

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) {
  process.stderr.write('error: the program does not compile; nothing was built\n');
  process.exit(2);
}

const missing = [];
let modules = 0;
let assets = 0;
for (const file of folders.flatMap((folder) => filesBelow(folder))) {
  const whole = asTheyAre.some((folder) => file.startsWith(`${folder}/`));
  if (!whole && (file.endsWith('.d.ts') || file.endsWith('.md'))) continue;
  if (!whole && file.endsWith('.ts')) {
    modules += 1;
    if (!existsSync(join(dist, file.replace(/\.ts$/, '.js')))) missing.push(file);
    continue;
  }
  // It names the sources; the package of the SDK has one of its own.
  if (file === join('extensions', 'sdk', 'package.json')) continue;
  assets += 1;
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  cpSync(join(root, file), join(dist, file));
}
// What the page /docs shows, so that nobody who installs MagFlock has to install the package, whose own dependency
// reports installations. Its licences go with it (Apache-2.0 §4).
const page = join(dist, 'actors', 'cpu', 'api-page', 'swagger-ui');
mkdirSync(page);
for (const name of [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
]) {
  assets += 1;
  cpSync(join(root, 'node_modules', 'swagger-ui-dist', name), join(page, name));
}
if (missing.length > 0) {
  process.stderr.write(`error: dist has no module for ${missing.join(', ')}\n`);
  process.exit(2);
}
if (!buildSdkPackage(join(dist, 'sdk-package'))) {
  process.stderr.write('error: the SDK does not compile on its own\n');
  process.exit(2);
}
process.stderr.write(`built dist: ${modules} modules, ${assets} other files\n`);

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
