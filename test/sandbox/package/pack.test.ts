import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from '../../../sandbox/package/bundle.ts';
import { pack } from '../../../sandbox/package/pack.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { plainManifest } from './package-of.ts';

/** Put together, so that nobody takes the sources in these tests for imports of the tests. */
const imports = (what: string, from: string): string => `import ${what} from '${from}';`;
const handlers = 'export default { onRequest: () => ({ body: 1 }) };\n';

describe('sandbox: packing', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  function write(
    files: Readonly<Record<string, string>>,
    manifest: object = plainManifest,
    to = folder(),
  ): void {
    const all = { 'magflock.extension.json': JSON.stringify(manifest), 'index.ts': handlers, ...files };
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      writeFileSync(join(to, path), content);
    }
  }

  it('gives the same bytes for the same sources, elsewhere and at another time', async () => {
    const here = join(folder(), 'here');
    const there = join(folder(), 'deeper/there');
    write(
      {
        'index.ts': `${imports('{ ExtensionError }', '@magflock/sdk')}\n${imports('{ hi }', './hi.ts')}\nexport default { onRequest() { throw new ExtensionError('MF402', hi); } };\n`,
        'hi.ts': "export const hi: string = 'hi';\n",
        'README.md': '# hello',
        'assets/b.txt': 'b',
        'assets/A/a.txt': 'a',
      },
      plainManifest,
      here,
    );
    cpSync(here, there, { recursive: true });
    for (const path of ['index.ts', 'assets/b.txt', 'magflock.extension.json'])
      utimesSync(join(there, path), 1, 1);
    const one = await pack(here);
    assert.deepEqual((await pack(there)).bytes, one.bytes);
    assert.deepEqual(
      [...one.opened.files.keys()],
      ['README.md', 'assets/A/a.txt', 'assets/b.txt', 'extension.js', 'magflock.extension.json'],
    );
    assert.ok(!one.opened.code.includes(folder()), 'a path of this machine is in the code');
    assert.doesNotMatch(one.opened.code, /^import /m);
  });

  it('takes npm packages in, and only what is used of them', async () => {
    write({
      'index.ts': `${imports('{ used }', 'tiny')}\n${imports('old', 'old')}\nexport default { onRequest: () => used() + old };\n`,
      'node_modules/tiny/package.json':
        '{"name":"tiny","type":"module","exports":"./i.js","sideEffects":false}',
      'node_modules/tiny/i.js': `${imports('fs', 'node:fs')}\nexport const used = () => 'USED';\nexport const unused = () => fs.readFileSync('UNUSED');\n`,
      'node_modules/old/package.json': '{"name":"old","main":"./i.js"}',
      'node_modules/old/i.js': "module.exports = process.env.NODE_ENV + 'OLD';\n",
    });
    const { code, inputs, warnings } = await bundle({ folder: folder() });
    assert.match(code, /USED/);
    assert.match(code, /OLD/);
    assert.doesNotMatch(code, /UNUSED|node:fs/);
    assert.deepEqual(warnings, []);
    assert.ok(inputs.includes(join(folder(), 'index.ts')));
    assert.equal(inputs.length, 3);
  });

  it('gives a source map to those who develop', async () => {
    write({});
    assert.match((await bundle({ folder: folder(), sourcemap: true })).code, /sourceMappingURL=data:/);
  });

  const rows: readonly (readonly [
    name: string,
    files: Record<string, string>,
    manifest: object,
    code: string,
    message: RegExp,
  ])[] = [
    [
      'a module of Node',
      {
        'index.ts': `${imports('{ a }', './a.ts')}\nexport default { a };\n`,
        'a.ts': `${imports('{ readFileSync }', 'node:fs')}\nexport const a = readFileSync;\n`,
      },
      {},
      'MF660',
      /a\.ts imports node:fs, which an extension does not have/,
    ],
    [
      'one without node:',
      { 'index.ts': `${imports('net', 'net')}\nexport default { net };\n` },
      {},
      'MF660',
      /index\.ts imports net,/,
    ],
    [
      'a module of the web',
      { 'index.ts': `${imports('x', 'https://evil.example/x.js')}\nexport default { x };\n` },
      {},
      'MF660',
      /index\.ts imports https:\/\/evil\.example/,
    ],
    [
      'require of Node',
      { 'index.js': "const fs = require('fs');\nexport default { fs };\n" },
      { main: 'index.js' },
      'MF660',
      /imports fs,/,
    ],
    [
      'a package that is not there',
      { 'index.ts': `${imports('x', 'nowhere')}\nexport default { x };\n` },
      {},
      'MF660',
      /index\.ts:1:15: Could not resolve "nowhere"/,
    ],
    [
      'a native addon',
      { 'index.ts': `${imports('x', './x.node')}\nexport default { x };\n`, 'x.node': '\x7fELF' },
      {},
      'MF660',
      /\.node/,
    ],
    ['a syntax error', { 'index.ts': 'export default {\n' }, {}, 'MF660', /index\.ts:2:1: /],
    ['no default export', { 'index.ts': 'export const a = 1;\n' }, {}, 'MF660', /has no default export/],
    ['no first module', {}, { main: 'start.ts' }, 'MF660', /start\.ts is not in/],
    [
      'a migration that is not there',
      {},
      {
        permissions: [{ capability: 'db.schema', scope: ['*'], reason: 'x' }],
        routes: [],
        migrations: ['migrations/1.sql'],
      },
      'MF620',
      /names migrations\/1\.sql, which is not in/,
    ],
    [
      'a migration that does not go back',
      { 'migrations/1.sql': '-- UP\nselect 1;\n' },
      {
        permissions: [{ capability: 'db.schema', scope: ['*'], reason: 'x' }],
        routes: [],
        migrations: ['migrations/1.sql'],
      },
      'MF620',
      /migrations\/1\.sql has no line "-- DOWN"/,
    ],
    ['an asset with a name of Windows', { 'assets/aux': 'x' }, {}, 'MF666', /name of a device/],
    ['assets that are a file', { assets: 'x' }, {}, 'MF666', /is not a folder/],
  ];
  for (const [name, files, manifest, code, message] of rows) {
    it(`with ${name} is refused`, async () => {
      write(files, { ...plainManifest, ...manifest });
      await assert.rejects(pack(folder()), (error: { code: string; message: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('says what to install when a dependency is not there', async () => {
    write({ 'index.ts': `${imports('x', '@acme/nowhere')}\nexport default { x };\n` });
    const fix = 'npm install @acme/nowhere    in the folder of the extension';
    await assert.rejects(pack(folder()), { code: 'MF660', fix });
  });

  for (const path of ['assets/passwd', 'README.md']) {
    it(`with ${path} that is a link is refused`, async () => {
      write({ 'assets/a': 'a' });
      rmSync(join(folder(), path), { force: true });
      symlinkSync('/etc/passwd', join(folder(), path));
      await assert.rejects(pack(folder()), { code: 'MF666', message: /it is a link/ });
    });
  }
});
