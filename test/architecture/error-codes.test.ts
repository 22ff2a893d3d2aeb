import assert from 'node:assert/strict';
import { errorCatalog } from '../../runtime/errors/error-catalog.ts';
import type { ErrorDefinition } from '../../runtime/errors/error-definition.ts';
import { projectFiles, readProjectFile, sourceFiles } from './source-files.ts';

const catalog: Readonly<Record<string, ErrorDefinition>> = errorCatalog;
const areas: Readonly<Record<string, string>> = {
  request: '1',
  auth: '2',
  sentinel: '3',
  api: '4',
  storage: '5',
  runtime: '6',
  boot: '7',
  cli: '8',
};

describe('error codes', () => {
  for (const [code, definition] of Object.entries(catalog)) {
    it(`${code} says what it means and how to solve it`, () => {
      assert.match(code, /^MF[1-8]\d\d$/);
      assert.match(definition.title, /^[A-Z].*[^.]$/);
      assert.match(definition.help, /^.{15,}\.$/s);
      assert.ok(definition.status >= 400 && definition.status <= 599);
    });
  }

  it('each area keeps to its own hundred', () => {
    for (const [area, digit] of Object.entries(areas)) {
      const text = readProjectFile(`runtime/errors/catalog/${area}.errors.ts`);
      const codes = [...text.matchAll(/^ {2}(MF\d{3}):/gm)].map((match) => match[1]!);
      assert.ok(codes.length > 0);
      assert.deepEqual(
        codes.filter((code) => code[2] !== digit),
        [],
      );
    }
  });

  it('each code that the program names is in the catalogue', () => {
    const unknown = sourceFiles()
      .filter((file) => !file.startsWith('test/'))
      .flatMap((file) => {
        const named = readProjectFile(file).match(/(?<=['"`])MF\d{3}(?=['"`])/g) ?? [];
        return named.filter((code) => catalog[code] === undefined).map((code) => `${file}: ${code}`);
      });
    assert.deepEqual(unknown, []);
  });

  it('each code of the catalogue is used somewhere', () => {
    const text = projectFiles()
      .filter((file) => /\.(ts|js|sql)$/.test(file))
      .filter((file) => !file.startsWith('test/') && !file.startsWith('runtime/errors/catalog/'))
      .map((file) => readProjectFile(file))
      .join('\n');
    const unused = Object.keys(catalog).filter((code) => !text.includes(code));
    assert.deepEqual(unused, []);
  });
});
