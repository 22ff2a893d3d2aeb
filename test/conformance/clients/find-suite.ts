import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder with the suite's `src` and `test`: the one given, or its place in a checkout of the whole repository.
 * @throws Error when it is in neither
 */
export function findSuite(folder: string): string {
  const found = [folder, join(folder, 'packages', 'core', 'postgrest-js')].find((path) =>
    existsSync(join(path, 'test', 'basic.test.ts')),
  );
  if (found === undefined) throw new Error(`${folder} has no test/basic.test.ts`);
  return found;
}
