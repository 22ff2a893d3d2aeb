import type { MediaType } from '../media-type.ts';

type PlanOption = Extract<MediaType, { kind: 'plan' }>['options'][number];

const planOptions: readonly PlanOption[] = ['analyze', 'verbose', 'settings', 'buffers', 'wal'];
const essence = /^([\p{L}\p{N}.*]+)\/([\p{L}\p{N}.*+-]+)/u;
const parameter = /\s*;\s*([\p{L}\p{N}-]+)\s*=\s*(?:"([^"]*)"|([\p{L}\p{N}|-]+))/uy;
const wellKnown = new Map<string, MediaType>([
  ['application/json', { kind: 'json' }],
  ['application/geo+json', { kind: 'geojson' }],
  ['text/csv', { kind: 'csv' }],
  ['text/plain', { kind: 'text' }],
  ['text/xml', { kind: 'xml' }],
  ['application/openapi+json', { kind: 'openapi' }],
  ['application/x-www-form-urlencoded', { kind: 'form' }],
  ['application/octet-stream', { kind: 'octet-stream' }],
  ['*/*', { kind: 'any' }],
]);

/**
 * A media type with its parameters (RFC 9110 §8.3.1), as far as the dialect looks at them. What comes after something
 * that cannot be read is ignored.
 */
export function parseMediaType(text: string): MediaType {
  const direct = wellKnown.get(text);
  if (direct !== undefined) return direct;
  const matched = essence.exec(text);
  if (matched === null) return { kind: 'other', name: text };
  const name = matched[0].toLowerCase();
  return wellKnown.get(name) ?? vendorType(name, text, matched[0].length) ?? { kind: 'other', name: text };
}

function vendorType(name: string, text: string, end: number): MediaType | undefined {
  switch (name) {
    case 'application/vnd.pgrst.plan':
    case 'application/vnd.pgrst.plan+text':
      return planType('text', parametersOf(text, end));
    case 'application/vnd.pgrst.plan+json':
      return planType('json', parametersOf(text, end));
    case 'application/vnd.pgrst.object':
    case 'application/vnd.pgrst.object+json':
      return { kind: 'singular', nullsStripped: parametersOf(text, end).get('nulls') === 'stripped' };
    case 'application/vnd.pgrst.array':
    case 'application/vnd.pgrst.array+json':
      return { kind: parametersOf(text, end).get('nulls') === 'stripped' ? 'array-stripped' : 'json' };
    default:
      return undefined;
  }
}

function planType(format: 'json' | 'text', parameters: ReadonlyMap<string, string>): MediaType {
  const wanted = (parameters.get('options') ?? '').split('|');
  const of = parameters.get('for');
  return {
    kind: 'plan',
    // A quoted text holds no quote: the plan of a plan is not followed any further.
    for: of === undefined ? { kind: 'json' } : parseMediaType(of),
    format,
    options: planOptions.filter((option) => wanted.includes(option)),
  };
}

function parametersOf(text: string, end: number): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  parameter.lastIndex = end;
  for (let found = parameter.exec(text); found !== null; found = parameter.exec(text)) {
    parameters.set((found[1] as string).toLowerCase(), found[2] ?? found[3] ?? '');
  }
  return parameters;
}
