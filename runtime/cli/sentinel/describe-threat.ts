import type { AddressBlock, Threat } from '../../protocol/sentinel.protocol.ts';
import { safeText } from '../extension/safe-text.ts';
import type { Output } from '../output.ts';
import { styleAction } from './style-action.ts';

/**
 * An incident for people: what was found and why, where it came from, what was done, and how to object.
 * @param block the one that refuses this caller now
 */
export function describeThreat(threat: Threat, block: AddressBlock | undefined, output: Output): string {
  const rows: (readonly [name: string, text: string])[] = [
    ['at', threat.at],
    ['judged', judged(threat, output)],
    ['why', safeText(threat.explanation.why, 500)],
    ...evidence(threat),
    ['where', `${safeText(threat.where, 200)} of ${threat.method} ${safeText(threat.path, 300)}`],
    ['project', threat.project],
    ['from', from(threat)],
    ['value', `${safeText(threat.excerpt, 100)}   (its beginning; SHA-256 ${threat.digest.slice(0, 16)}…)`],
    ['request', safeText(threat.requestId, 100)],
    ...((threat.suppressed ?? 0) === 0
      ? []
      : [['and', `${threat.suppressed} further ones, not reported one by one`] as const]),
    ['address', blocked(block)],
    ['feedback', feedback(threat)],
  ];
  const title = output.style('bold', `incident ${threat.id}`);
  return [title, ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`)].join('\n');
}

function judged(threat: Threat, output: Output): string {
  const done = threat.enforced
    ? threat.action === 'throttle'
      ? 'slowed down when it comes often'
      : 'the request was refused'
    : 'the request went on';
  const action = styleAction(threat.action, output);
  return `${action}, score ${threat.score.toFixed(4)}, confidence ${threat.band}, by ${threat.agent}: ${done}`;
}

function evidence({ explanation: { signature, model } }: Threat): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [];
  if (signature !== null) {
    rows.push([
      'signature',
      `${safeText(signature.name)} (${signature.score.toFixed(2)}): ${safeText(signature.reason, 300)}`,
    ]);
  }
  if (model === null) return rows;
  rows.push(['model', `${safeText(model.version)} (${model.score.toFixed(4)})`]);
  for (const [index, { feature, weight }] of model.features.entries()) {
    rows.push([
      index === 0 ? 'features' : '',
      `${String(Math.round(weight * 100)).padStart(3)} %  ${safeText(feature)}`,
    ]);
  }
  rows.push([
    'nearest',
    model.nearest === null ? 'no family of attacks the model knows' : safeText(model.nearest),
  ]);
  return rows;
}

function from(threat: Threat): string {
  const key = threat.keyId === null ? 'without a right key' : `with key ${threat.keyId}`;
  const counts = threat.counts ? '' : '; does not count for blocking (a page can make a browser send it)';
  return `${threat.address} ${key}${counts}`;
}

function blocked(block: AddressBlock | undefined): string {
  if (block === undefined) return 'not blocked';
  return `blocked until ${block.until}; magflock unblock ${block.id} lifts it`;
}

function feedback({ id, feedback: said }: Threat): string {
  if (said === null) return `none; magflock threat feedback ${id} --false-alarm   (or --confirmed)`;
  return `${said.verdict} at ${said.at}${said.note === null ? '' : `: ${safeText(said.note, 1000)}`}`;
}
