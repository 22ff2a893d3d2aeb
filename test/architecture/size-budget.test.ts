import assert from 'node:assert/strict';
import { readProjectFile, sourceFiles } from './source-files.ts';

describe('size budget', () => {
  const sizes = sourceFiles()
    .map((file) => ({ file, lines: readProjectFile(file).trimEnd().split('\n').length }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number): number => sizes[Math.ceil(sizes.length * share) - 1]!.lines;

  it('the median file has at most 100 lines', () => {
    assert.ok(at(0.5) <= 100, `median is ${at(0.5)}`);
  });

  it('nine files in ten have at most 350 lines', () => {
    assert.ok(at(0.9) <= 350, `the ninth of ten has ${at(0.9)}`);
  });

  it('no file has more than 600 lines', () => {
    assert.deepEqual(
      sizes.filter(({ lines }) => lines > 600),
      [],
    );
  });
});
