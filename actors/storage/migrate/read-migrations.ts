import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { splitMigration } from '../../../runtime/database/split-migration.ts';

export type MigrationSet = 'control' | 'project' | 'security';

/** One numbered file of a set. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

const fileName = /^(?<number>\d{4})-(?<name>[a-z0-9-]+)\.sql$/;

/**
 * Reads `migrations/<set>/NNNN-name.sql` in order. Each file has a part after `-- UP` and one after `-- DOWN`.
 * @throws TypeError naming the file when a name, a number or a part is missing or used twice
 */
export function readMigrations(set: MigrationSet): readonly Migration[] {
  const folder = new URL(`../migrations/${set}/`, import.meta.url);
  if (!existsSync(folder)) return [];
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const parts = file.match(fileName)?.groups;
      if (parts === undefined) throw new TypeError(`migrations/${set}/${file}: not named NNNN-name.sql`);
      const text = readFileSync(new URL(file, folder), 'utf8');
      return {
        number: Number(parts['number']),
        name: parts['name'] ?? '',
        ...splitMigration(text, `migrations/${set}/${file}`),
      };
    });
  for (const [index, { number }] of migrations.entries()) {
    if (migrations[index + 1]?.number === number) {
      throw new TypeError(`migrations/${set}: the number ${number} is used twice`);
    }
  }
  return migrations;
}

/** Digest over all migrations of the given sets: the same digest, the same schema. */
export function migrationsDigest(sets: readonly MigrationSet[]): string {
  const hash = createHash('sha256');
  for (const set of sets) {
    for (const { number, name, up } of readMigrations(set))
      hash.update(`${set}\0${number}\0${name}\0${up}\0`);
  }
  return hash.digest('hex');
}
