import type { Fault, FaultMessage } from './scanner.ts';

/** The text of a fault: `unexpected "x" expecting "not" or operator (eq, gt, ...)`. */
export function faultText(fault: Fault): string {
  const { messages } = fault;
  const refused = texts(messages, 'refused');
  const found = messages.find(([kind]) => kind === 'found');
  const parts: string[] = [];
  if (refused.length > 0) parts.push(`unexpected ${listed(refused)}`);
  else if (found !== undefined) parts.push(`unexpected ${found[1] === '' ? 'end of input' : found[1]}`);
  const expected = texts(messages, 'expected');
  if (expected.length > 0) parts.push(`expecting ${listed(expected)}`);
  return parts.length === 0 ? 'unknown parse error' : parts.join(' ');
}

function texts(messages: readonly FaultMessage[], wanted: FaultMessage[0]): string[] {
  return [...new Set(messages.filter(([kind]) => kind === wanted).map(([, text]) => text))];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
