import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/**
 * Files of the project, relative to its root: what git tracks or would track. Outside a repository (an
 * unpacked archive) everything but installed and made files.
 */
export function projectFiles(): readonly string[] {
  if (existsSync(join(root, '.git'))) {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
    return listed
      .toString()
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)));
  }
  const skipped = ['node_modules', 'dist', '.magflock', '.cache', 'coverage'];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split('/').some((part) => skipped.includes(part)));
}

export function sourceFiles(): readonly string[] {
  return projectFiles().filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'));
}

export function readProjectFile(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
