import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether this copy of MagFlock is a repository checkout, which runs its TypeScript directly, or an
 * installed package, which carries `dist/` instead.
 * @param {string} root folder that holds package.json
 */
export function isCheckout(root) {
  return existsSync(join(root, 'runtime', 'cli', 'main.ts'));
}
