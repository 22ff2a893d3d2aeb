import assert from 'node:assert/strict';
import { brokenImportRule } from './import-rules.ts';
import { importsOf } from './imports-of.ts';
import { readProjectFile, sourceFiles } from './source-files.ts';

describe('import rules', () => {
  it('no module imports what its layer or part must not know', () => {
    const broken = sourceFiles().flatMap((file) =>
      importsOf(file, readProjectFile(file)).flatMap((imported) => {
        const why = brokenImportRule(file, imported);
        return why === undefined ? [] : [`${file} imports ${imported.specifier}: ${why}`];
      }),
    );
    assert.deepEqual(broken, []);
  });

  it('relative imports name the file with its extension', () => {
    const bare = sourceFiles().flatMap((file) =>
      importsOf(file, readProjectFile(file))
        .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
        .filter(({ specifier }) => !/\.(ts|js|json|cjs|mjs)$/.test(specifier))
        // `moduleUrl` appends the extension itself.
        .filter(({ specifier }) => !readProjectFile(file).includes(`moduleUrl('${specifier}'`))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
    assert.deepEqual(bare, []);
  });

  const rows: [file: string, line: string, allowed: boolean][] = [
    ['config/settings.ts', "import { x } from 'node:fs';", false],
    ['config/settings.ts', "import { x } from '../runtime/a.ts';", false],
    ['runtime/actor/a.ts', "import { x } from '../../config/settings.ts';", true],
    ['runtime/actor/a.ts', "import { x } from '../../actors/cpu/a.ts';", false],
    ['runtime/actor/a.ts', "import { x } from '../cli/output.ts';", false],
    ['runtime/actor/a.ts', "import type { X } from '../daemon.ts';", false],
    ['runtime/daemon.ts', "import { x } from '../actors/cpu/a.ts';", true],
    ['runtime/cli/commands/a.ts', "const { x } = await import('../../daemon.ts');", true],
    ['sandbox/slot/a.ts', "import { x } from '../../runtime/actor/a.ts';", true],
    ['sandbox/slot/a.ts', "import { x } from '../../extensions/sdk/index.ts';", false],
    ['actors/cpu/a.ts', "import { x } from './stages/b.ts';", true],
    ['actors/cpu/stages/a.ts', "import type { X } from '../../psu/psu.actor.ts';", false],
    ['actors/cpu/a.ts', "const url = moduleUrl('../psu/psu.replica', import.meta.url);", false],
    ['actors/cpu/a.ts', "import type { X } from '../../runtime/protocol/psu.protocol.ts';", true],
    ['extensions/maggate/a.ts', "import { x } from '../sdk/index.ts';", true],
    ['extensions/maggate/a.ts', "import type { X } from '../../runtime/protocol/plan.protocol.ts';", false],
    ['extensions/maggate/a.ts', "import { x } from 'lru-cache';", false],
    ['extensions/sdk/a.ts', "import type { X } from '../../runtime/protocol/plan.protocol.ts';", true],
    ['extensions/sdk/a.ts', "import { x } from '../../runtime/protocol/plan.protocol.ts';", false],
    ['extensions/sdk/a.ts', "export { x } from '../../runtime/errors/magflock-error.ts';", false],
    ['extensions/sdk/testing/a.ts', "import { x } from '../../../sandbox/isolate/isolate.ts';", true],
    ['extensions/sdk/testing/a.ts', "import { x } from '../../../sandbox/cage/cage-fleet.ts';", false],
    ['extensions/slug/index.ts', "import { defineExtension } from '@magflock/sdk';", true],
    ['extensions/slug/index.ts', "import { x } from '@magflock/sdk/gateway';", false],
    ['extensions/sdk/a.ts', "import { defineExtension } from '@magflock/sdk';", false],
    ['test/any.test.ts', "import { x } from '../actors/cpu/a.ts';", true],
  ];
  for (const [file, line, allowed] of rows) {
    it(`${allowed ? 'lets' : 'keeps'} ${file}: ${line}`, () => {
      const [imported] = importsOf(file, line);
      assert.ok(imported !== undefined, 'the import was not seen');
      assert.equal(brokenImportRule(file, imported) === undefined, allowed);
    });
  }

  it('does not take a comment or a string for an import', () => {
    const text =
      "// import { x } from '../actors/a.ts';\n/* import '../b.ts' */\nconst a = 'no import here';";
    assert.deepEqual(importsOf('runtime/a.ts', text), []);
  });
});
