import type { ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import type { Finding } from './finding.ts';
import { textFindings } from './text-findings.ts';

/** First bytes of programs: ELF, Windows, Mach-O, WebAssembly, scripts. */
const programs: readonly (readonly [start: string, kind: string])[] = [
  ['7f454c46', 'a program for Linux'],
  ['4d5a', 'a program for Windows'],
  ['cffaedfe', 'a program for macOS'],
  ['cafebabe', 'a program for macOS or Java'],
  ['0061736d', 'WebAssembly code'],
  ['2321', 'a script'],
];

/** What the other files of a package are. */
export function* fileFindings(
  files: ReadonlyMap<string, Buffer>,
  manifest: ExtensionManifest,
): Generator<Finding> {
  for (const [path, bytes] of files) {
    if (path.startsWith('assets/')) {
      const start = bytes.toString('hex', 0, 4);
      const kind = programs.find(([signature]) => start.startsWith(signature))?.[1];
      if (kind !== undefined) {
        yield {
          severity: 'warning',
          rule: 'program-in-assets',
          message: `the file is ${kind}`,
          file: path,
          line: null,
        };
      }
    }
    if (!path.startsWith('migrations/')) continue;
    for (const [index, line] of bytes.toString().split('\n').entries()) {
      for (const found of textFindings(line, manifest)) {
        // To change the structure of its own schema is what a migration is for.
        if (found.rule !== 'sql-ddl') yield { ...found, file: path, line: index + 1 };
      }
    }
  }
}
