import { readFileSync } from 'node:fs';
import type { ConformanceCase } from './conformance-case.ts';

/** A case that is known to fail, with the reason; `line` tells apart those of one name. */
export interface KnownFailure {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly reason: string;
}

/** Reads `known-failures.json` beside this file. */
export function readKnownFailures(): readonly KnownFailure[] {
  return JSON.parse(
    readFileSync(new URL('./known-failures.json', import.meta.url), 'utf8'),
  ) as readonly KnownFailure[];
}

/** What a case and its entry in the list have in common. */
export function caseKey({ file, line, name }: Pick<ConformanceCase, 'file' | 'line' | 'name'>): string {
  return `${file}:${line} ${name}`;
}
