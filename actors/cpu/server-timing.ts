import type { Exchange } from './exchange.ts';

const names = [
  'receive',
  'inspect',
  'admit',
  'authenticate',
  'judge',
  'plan',
  'before-hooks',
  'execute',
  'after-hooks',
];

/** 0.00 to 9.99, so that the usual duration is a look-up instead of a conversion. */
const hundredths = Array.from({ length: 1000 }, (_, index) => (index / 100).toFixed(2));

/** Server-Timing (W3C) with a duration in milliseconds per stage, and the database's own share. */
export function serverTiming(exchange: Exchange): string {
  const { marks, marked, result } = exchange;
  let text = '';
  for (let index = 1; index < marked; index++) {
    const duration = (marks[index] as number) - (marks[index - 1] as number);
    text += `${index === 1 ? '' : ', '}${names[index - 1]};dur=${shown(duration)}`;
  }
  return result === undefined ? text : `${text}, database;dur=${shown(result.databaseMs)}`;
}

function shown(milliseconds: number): string {
  return hundredths[Math.round(milliseconds * 100)] ?? milliseconds.toFixed(2);
}
