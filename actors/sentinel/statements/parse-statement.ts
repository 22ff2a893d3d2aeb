import type { ParsedStatement } from '../../../runtime/protocol/patrol.protocol.ts';
import { cutsOff } from './cuts-off.ts';
import { findOddities } from './find-oddities.ts';
import { partComments } from './part-comments.ts';
import { PgParser } from './pg-parser.ts';

const longestBytes = 65_536;
let parser: PgParser | undefined;

/**
 * Reads one statement with PostgreSQL's own parser. The work is done without pause in the calling thread (some 0.1 ms;
 * up to half a second for 64 kB), so it belongs in a worker. Never throws for what is wrong with the text.
 * @param text hostile; at most 64 kB are looked at
 */
export async function parseStatement(text: string): Promise<ParsedStatement> {
  if (text.length > longestBytes || Buffer.byteLength(text) > longestBytes) {
    return unparsed('longer than 64 kB');
  }
  if (text.includes('\0')) return unparsed('holds a zero byte');
  if (text.trim() === '') return unparsed('empty');
  parser ??= new PgParser();
  while (!parser.usable) await parser.ready();
  const whole = partComments(text.toWellFormed());
  const { tree, problem } = parser.parse(whole);
  if (tree === null) return unparsed(problem ?? 'cannot be read');
  const found = [...findOddities(tree)];
  if (/--|\/\*/.test(whole) && cutsOff(whole, parser.tokens(whole) ?? [])) found.push('cut-off');
  return { parsed: true, problem: null, fingerprint: parser.fingerprint(whole), oddities: found };
}

function unparsed(problem: string): ParsedStatement {
  return { parsed: false, problem, fingerprint: null, oddities: [] };
}
