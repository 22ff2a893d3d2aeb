import { readFileSync } from 'node:fs';

/** Version of MagFlock as package.json says, two folders up in the source and three in `dist/`. */
export const version: string = readVersion();

function readVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Not at this depth.
    }
  }
  return 'unknown';
}
