import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkSdk } from './link-sdk.ts';
import { writeManifestTypes } from './write-manifest-types.ts';

const templates = fileURLToPath(new URL('../../../extensions/templates/', import.meta.url));

export interface NewExtension {
  readonly template: string;
  readonly folder: string;
  readonly publisher: string;
  readonly name: string;
}

/**
 * Makes the folder of a new extension.
 * @returns names of its files
 */
export function copyTemplate({ template, folder, publisher, name }: NewExtension): readonly string[] {
  cpSync(join(templates, template), folder, { recursive: true });
  edit(join(folder, 'magflock.extension.json'), (text) => {
    const manifest = JSON.parse(text) as { id: string; name: string };
    const old = manifest.name;
    const renamed = text
      .replace(JSON.stringify(manifest.id), JSON.stringify(`${publisher}.${name}`))
      .replace(`"name": ${JSON.stringify(old)}`, `"name": ${JSON.stringify(name)}`);
    return renamed.replaceAll(`/ext/${old}/`, `/ext/${name}/`);
  });
  edit(join(folder, 'package.json'), (text) => text.replace('"name": "hello"', `"name": "${name}"`));
  edit(join(folder, 'README.md'), (text) => text.replaceAll('{{name}}', name));
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\n*.magx\n*.key.pem\n');
  writeManifestTypes(folder);
  const files = readdirSync(folder).sort();
  linkSdk(folder);
  return files;
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
