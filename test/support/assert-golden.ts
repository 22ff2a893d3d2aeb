import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compares a text with the golden file of that name. `MAGFLOCK_UPDATE_GOLDEN=1` writes it instead; look at the
 * difference before you commit it.
 * @param file for example `new URL('./golden/help.txt', import.meta.url)`
 */
export function assertGolden(file: URL, text: string): void {
  const path = fileURLToPath(file);
  if (process.env['MAGFLOCK_UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${text}\n`);
  }
  assert.ok(existsSync(path), `${path} is missing; MAGFLOCK_UPDATE_GOLDEN=1 writes it`);
  assert.equal(`${text}\n`, readFileSync(path, 'utf8'));
}
