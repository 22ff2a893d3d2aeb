import type { LoadRequest } from '../protocol/load-request.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isConfig: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one));

const checks: Readonly<Record<keyof LoadRequest, Check>> = {
  id: isText,
  version: isText,
  trust: (value) => value === 'core' || value === 'signed' || value === 'unsigned',
  code: isText,
  memoryMegabytes: isCount,
  cpuMs: isCount,
  config: isConfig,
  capabilities: isTexts,
  features: (value) =>
    Array.isArray(value) && value.every((one) => one === 'WebAssembly' || one === 'SharedArrayBuffer'),
  logLinesPerSecond: isCount,
  concurrentSyscalls: isCount,
};

/**
 * Reads the body of a `load` frame.
 * @throws RangeError when it is none
 */
export function loadRequestFrom(text: string): LoadRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('a load that is no JSON');
  }
  if (typeof value !== 'object' || value === null) throw new RangeError('a load that is no object');
  for (const [name, check] of Object.entries(checks)) {
    if (!Object.hasOwn(value, name) || !check((value as Record<string, unknown>)[name])) {
      throw new RangeError(`a load with a faulty ${name}`);
    }
  }
  return value as LoadRequest;
}
