import type { SentinelStatus, ShadowFigures } from '../../protocol/sentinel.protocol.ts';
import { safeText } from '../extension/safe-text.ts';
import type { Output } from '../output.ts';

type Agent = SentinelStatus['agents'][number];
type Row = readonly [name: string, text: string];

/** The state of the patrol for people. What is off or does not work is said first. */
export function describePatrol(status: SentinelStatus, output: Output): string {
  const mode =
    status.mode === 'block'
      ? 'block'
      : output.style('yellow', 'simulate: everything is reported, nothing is blocked');
  const machine: Row[] = [
    ['mode', mode],
    ['signatures', String(status.signatures)],
    ['incidents', `${status.incidents}${unaudited(status, output)}`],
    ['blocks', `${status.blocks}${status.blocks === 0 ? '' : '; magflock blocks shows them'}`],
  ];
  return [lines(machine), ...status.agents.map((agent) => describeAgent(agent, output))].join('\n\n');
}

function unaudited({ unaudited: count }: SentinelStatus, output: Output): string {
  return count === 0 ? '' : output.style('red', `; ${count} are not in the audit trail`);
}

function describeAgent(agent: Agent, output: Output): string {
  const colour = agent.state === 'ok' ? 'green' : agent.state === 'degraded' ? 'yellow' : 'red';
  const state = output.style(colour, agent.state);
  const rows: Row[] = [
    ['state', agent.problem === null ? state : `${state}: ${safeText(agent.problem, 500)}`],
    ['facts', safeText(agent.facts, 500)],
    ['unjudged', agent.whenUnjudged === 'open' ? 'let through (open)' : 'refused with 503 (closed)'],
    ...models(agent),
    ...(agent.shadow === null ? [] : shadow(agent.shadow)),
  ];
  return `${output.style('bold', agent.name)}\n${lines(rows)}`;
}

function models({ models: shelf }: Agent): Row[] {
  if (shelf === null) return [['models', 'none: signatures alone judge']];
  return [
    ['active', shelf.active.version],
    ...(shelf.previous === null ? [] : [['previous', shelf.previous.version] as const]),
    ...shelf.candidates.map(({ version }) => ['candidate', version] as const),
  ];
}

function shadow({ version, since, values, differences }: ShadowFigures): Row[] {
  const pairs = Object.entries(differences);
  const differing = pairs.reduce((sum, [, count]) => sum + count, 0);
  return [
    ['shadow', `${version} since ${since}: ${values} values, ${differing} judged differently`],
    ...pairs.map(([pair, count]) => ['', `${pair}: ${count}`] as const),
  ];
}

function lines(rows: readonly Row[]): string {
  return rows.map(([name, text]) => `  ${name.padEnd(10)} ${text}`).join('\n');
}
