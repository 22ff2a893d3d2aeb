import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestTypes } from '../../runtime/cli/extension/manifest-types.ts';
import { pack } from '../../sandbox/package/pack.ts';
import { readManifest } from '../../sandbox/package/read-manifest.ts';
import { runMagflock } from '../cli/run-magflock.ts';

const extensions = fileURLToPath(new URL('../../extensions/', import.meta.url));
const templates = readdirSync(join(extensions, 'templates'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const firstParty = ['slug', 'soft-delete', 'daily-digest'];

describe('extensions that run in cages', () => {
  for (const path of [...firstParty, ...templates.map((name) => `templates/${name}`)]) {
    const folder = join(extensions, path);

    it(`${path} can be packed`, async () => {
      const { opened, warnings } = await pack(folder);
      assert.deepEqual(warnings, []);
      assert.equal(opened.manifest.id, readManifest(folder).manifest.id);
    });

    it(`${path} has the types of its manifest`, () => {
      const manifest = JSON.parse(readFileSync(join(folder, 'magflock.extension.json'), 'utf8'));
      assert.equal(
        readFileSync(join(folder, 'magflock.extension.d.json.ts'), 'utf8'),
        manifestTypes(manifest),
      );
    });
  }
});

describe('templates of extensions', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-templates-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are the ones that ext new knows', () => {
    assert.deepEqual(templates.sort(), ['hook', 'route', 'schedule']);
  });

  for (const template of ['route', 'hook', 'schedule']) {
    it(`${template}: ext new makes an extension whose tests pass`, async () => {
      const name = `my-${template}`;
      const args = ['--template', template, '--publisher', 'acme', '--json'];
      const made = await runMagflock(['ext', 'new', name, ...args], { cwd: folder });
      assert.equal(made.code, 0, made.stderr);
      const { id, files } = JSON.parse(made.stdout) as { id: string; files: readonly string[] };
      assert.equal(id, `acme.${name}`);
      assert.ok(files.includes('index.ts') && files.includes('index.test.ts'));
      const { manifest } = readManifest(join(folder, name));
      assert.deepEqual([manifest.id, manifest.name], [id, name]);
      for (const file of files) {
        const text = readFileSync(join(folder, name, file), 'utf8');
        assert.ok(!/\{\{|acme\.hello|ext\/hello\//.test(text), `${file} still names the template`);
      }
      const tested = await runMagflock(['ext', 'test', name, '--json'], { cwd: folder });
      assert.equal(tested.code, 0, tested.stdout + tested.stderr);
      const { passed, failed } = JSON.parse(tested.stdout) as { passed: number; failed: number };
      assert.ok(passed >= 2 && failed === 0, tested.stdout);
    });
  }

  const refused: [args: readonly string[], code: string][] = [
    [['Hello'], 'MF802'],
    [['../hello'], 'MF802'],
    [['hello', '--publisher', 'A B'], 'MF802'],
    [['hello', '--template', 'page'], 'MF802'],
    [['my-route'], 'MF805'],
  ];
  for (const [args, code] of refused) {
    it(`ext new ${args.join(' ')} is refused with ${code} and writes nothing`, async () => {
      const before = readdirSync(folder);
      const run = await runMagflock(['ext', 'new', ...args], { cwd: folder });
      assert.equal(run.code, 2);
      assert.match(run.stderr, new RegExp(code));
      assert.deepEqual(readdirSync(folder), before);
      assert.ok(!existsSync(join(folder, 'hello')));
    });
  }
});
