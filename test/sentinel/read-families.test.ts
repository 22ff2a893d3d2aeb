import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelsFolder } from '../../actors/sentinel/learning/models-folder.ts';
import { readFamilies } from '../../actors/sentinel/patrol/read-families.ts';

const version = (folder: string) => ({ version: 'v', folder, sha256: { values: '', statements: '' } });

describe('families of attacks, for explanations', () => {
  it('are in the card that is shipped', async () => {
    const families = await readFamilies(version(modelsFolder));
    assert.ok(Object.keys(families).includes('UNION SELECT'));
  });

  const card = (families: unknown): string => JSON.stringify([{ kind: 'values', families }]);
  for (const [what, text] of [
    ['no card', undefined],
    ['a card cut off', '[{"kind":"values"'],
    ['a card that is no list', '{}'],
    ['a card without families', '[null, {"kind":"values"}]'],
    ['a name with an escape sequence', card({ '\u001b[2J': { 1: 1 } })],
    ['a bucket that is no number', card({ delay: { __proto__x: 1 } })],
    ['a weight that is no number', card({ delay: { 1: '1' } })],
    ['a family that is a list of nothing', card({ delay: null })],
    [
      'too many weights',
      card({ delay: Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [at, 1])) }),
    ],
  ] as const) {
    it(`are none with ${what}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'magflock-families-'));
      try {
        if (text !== undefined) writeFileSync(join(folder, 'card.json'), text);
        assert.deepEqual(await readFamilies(version(folder)), {});
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
