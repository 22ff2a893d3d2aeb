import type { ApiLimits } from './api-limits.ts';

/** The limits out of the extension's configuration; defaults 100 and 1,000. */
export function readLimits(config: Readonly<Record<string, string | number | boolean>>): ApiLimits {
  const maxLimit = wholeOr(config['maxLimit'], 1000);
  return { defaultLimit: Math.min(wholeOr(config['defaultLimit'], 100), maxLimit), maxLimit };
}

function wholeOr(value: string | number | boolean | undefined, otherwise: number): number {
  const number = Number(value ?? otherwise);
  return Number.isSafeInteger(number) && number > 0 ? number : otherwise;
}
