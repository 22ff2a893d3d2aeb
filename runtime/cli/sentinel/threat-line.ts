import type { Threat } from '../../protocol/sentinel.protocol.ts';
import { safeText } from '../extension/safe-text.ts';
import type { Output } from '../output.ts';
import { styleAction } from './style-action.ts';

/** An incident on one line: when, what was done, how sure, whence, where, and the value as far as it is kept. */
export function threatLine(threat: Threat, output: Output): string {
  const more = threat.suppressed ?? 0;
  const facts = [
    output.style('dim', threat.at.replace('T', ' ').replace(/\.\d+Z$/, 'Z')),
    threat.id,
    styleAction(threat.action, output, threat.action.padEnd(8)),
    threat.score.toFixed(2),
    threat.project,
    threat.address,
    `${safeText(threat.where, 60)} of ${threat.method} ${safeText(threat.path, 60)}`,
    safeText(threat.signature, 60),
    output.style('dim', safeText(threat.excerpt, 60)),
    ...(threat.enforced ? [] : ['(let through)']),
    ...(more === 0 ? [] : [`(and ${more} more)`]),
    ...(threat.feedback === null ? [] : [`(${threat.feedback.verdict})`]),
  ];
  return facts.join('  ');
}
