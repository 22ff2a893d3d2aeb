import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
const builder = new URL('../../bootstrap/build-sdk-package.js', import.meta.url).href;

describe('the package of the SDK', function () {
  this.timeout(120_000);
  let folder = '';
  let app = '';
  let installed = '';
  let files: readonly string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-sdk-package-'));
    const made = join(folder, 'made');
    const { buildSdkPackage } = (await import(builder)) as { buildSdkPackage(folder: string): boolean };
    assert.ok(buildSdkPackage(made), 'it does not compile');
    const npm = ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder];
    const { stdout } = await run('npm', npm, { cwd: made });
    const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    files = packed!.files.map(({ path }) => path);
    app = join(folder, 'app');
    installed = join(app, 'node_modules', '@magflock', 'sdk');
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(folder, packed!.filename), '-C', installed, '--strip-components=1']);
    // What npm would install besides.
    for (const name of ['@types', 'undici-types', 'isolated-vm', 'node-gyp-build', 'esbuild', '@esbuild']) {
      symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name), 'junction');
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has JavaScript and types, no TypeScript and nothing of the machine', () => {
    assert.ok(files.includes('README.md') && files.includes('LICENSE') && files.includes('package.json'));
    const strange = files.filter((file) => file.includes('/') && !/\.(js|d\.ts)$/.test(file));
    assert.deepEqual(strange, []);
    const folders = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    for (const part of [
      'actors',
      'config',
      'runtime/cli',
      'runtime/actor',
      'sandbox/cage',
      'sandbox/broker',
    ]) {
      assert.ok(![...folders].some((one) => one.startsWith(part)), `${part} is in it`);
    }
    const imports = files
      .filter((file) => file.endsWith('.js') || file.endsWith('.d.ts'))
      .filter((file) => /from '\.[^']*\.ts'/.test(readFileSync(join(installed, file), 'utf8')));
    assert.deepEqual(imports, []);
  });

  it('names the version of MagFlock and the packages it needs', () => {
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const own = read(join(installed, 'package.json'));
    const program = read(join(root, 'package.json'));
    assert.equal(own['version'], program['version']);
    assert.deepEqual(Object.keys(own['dependencies'] as object), ['esbuild', 'isolated-vm']);
    const schema = './magflock.extension.schema.json';
    assert.equal((own['exports'] as Record<string, unknown>)[schema], schema);
    assert.equal(read(join(installed, schema))['type'], 'object');
    const sources = read(join(root, 'extensions/sdk/package.json'))['exports'] as object;
    assert.deepEqual(Object.keys(sources), Object.keys(own['exports'] as object));
    assert.equal(own['private'], undefined);
  });

  it('brings a guest nothing of Node', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, 'utf8');
      for (const [, from = ''] of text.matchAll(/from '([^']+)'/g)) {
        assert.ok(from.startsWith('.'), `${file} imports ${from}`);
        visit(join(file, '..', from));
      }
    };
    visit(join(installed, 'extensions', 'sdk', 'index.js'));
    assert.ok(seen.size >= 3);
  });

  for (const template of readdirSync(join(root, 'extensions', 'templates'))) {
    if (template.includes('.')) continue;
    it(`types the template ${template}, and runs its tests, without the repository`, async () => {
      const place = join(app, template);
      cpSync(join(root, 'extensions', 'templates', template), place, { recursive: true });
      assert.equal(await typeErrors(place), '');
      const { stdout } = await run(process.execPath, ['--no-node-snapshot', '--test'], {
        cwd: place,
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      });
      assert.match(stdout, /^ℹ fail 0$/m);
    });
  }

  it('lets no handler use what the manifest does not ask for', async () => {
    const place = join(app, 'wrong');
    cpSync(join(root, 'extensions', 'templates', 'schedule'), place, { recursive: true });
    const file = join(place, 'index.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('context.files', 'context.cache'));
    assert.match(
      await typeErrors(place),
      /index\.ts\(\d+,\d+\): error TS2339: Property 'cache' does not exist/,
    );
  });

  /** What an author's compiler says; empty when all is well. */
  async function typeErrors(place: string): Promise<string> {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const flags = ['--pretty', 'false', '--typeRoots', join(app, 'node_modules', '@types')];
    const checked = await run(process.execPath, [tsc, '-p', place, ...flags]).catch(
      (failed: { stdout: string }) => failed,
    );
    return checked.stdout;
  }
});
