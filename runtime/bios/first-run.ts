import { chmodSync, writeFileSync } from 'node:fs';
import type { BootEvent } from './boot-event.ts';

export interface FirstKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

export interface FirstRunOptions {
  readonly project: string;
  readonly keys: FirstKeys;
  /** `first-keys.txt` in the data folder. */
  readonly file: string;
  /** Standard output is a terminal that a person reads. */
  readonly terminal: boolean;
}

/**
 * How the first keys reach their owner: on a terminal the secret one is shown, once; otherwise, since standard
 * output ends in some log, both go into a file that only the owner of the data folder may read.
 */
export function presentFirstKeys(options: FirstRunOptions): Extract<BootEvent, { event: 'keys' }> {
  const { project, keys, file, terminal } = options;
  if (!terminal) {
    const lines = [
      '# Keys of project main, made at the first start. Keep the secret one and remove this file.',
    ];
    lines.push(`public ${keys.publicKey}`, `secret ${keys.secretKey}`, '');
    writeFileSync(file, lines.join('\n').replace('project main', `project ${project}`), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return { event: 'keys', project, ...keys, file: terminal ? null : file };
}
