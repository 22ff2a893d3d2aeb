import assert from 'node:assert/strict';
import { projectFiles, readProjectFile } from './source-files.ts';

/** Put together here, so that this file is not its own finding. */
const forbidden = [
  ['/wo', 'rk/'],
  ['bash_', 'jobs'],
  ['shared-', 'tools'],
  ['.libr', 'ary'],
  ['/tmp/', 'plan'],
  ['issues ', 'show'],
].map((parts) => parts.join(''));

describe('forbidden words', () => {
  it('no file names the machine it was written on', () => {
    const found = projectFiles()
      .filter((file) => !/\.(png|wasm|onnx|tgz)$/.test(file))
      .flatMap((file) => {
        const text = readProjectFile(file);
        return forbidden.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
      });
    assert.deepEqual(found, []);
  });
});
