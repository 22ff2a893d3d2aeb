import type { DataApiSettings } from '../../../../sdk/index.ts';
import type { AnswerHeaders } from './answer-headers.ts';

/** How long what took, in milliseconds. */
export interface Durations {
  readonly parse: number;
  readonly plan: number;
  readonly transaction: number;
  readonly response: number;
}

/**
 * Headers of every answer that is no error: what it depends on, unless SQL said that, and Server-Timing (W3C) where the
 * project wants it. The key or token was checked before the request came here.
 */
export function commonHeaders(
  settings: DataApiSettings,
  headers: Readonly<AnswerHeaders>,
  durations: Durations,
): AnswerHeaders {
  const varies = Object.keys(headers).some((name) => name.toLowerCase() === 'vary');
  return {
    ...headers,
    ...(varies ? {} : { Vary: 'Accept, Prefer, Range' }),
    ...(settings.serverTimingEnabled ? { 'Server-Timing': timing(durations) } : {}),
  };
}

function timing(durations: Durations): string {
  return Object.entries(durations)
    .map(([name, ms]: [string, number]) => `${name};dur=${ms.toFixed(1)}`)
    .join(', ');
}
