import { isDeepStrictEqual } from 'node:util';
import type { CaseExpectation, ReceivedAnswer } from '../conformance-case.ts';

/**
 * Compares an answer with what a case expects: status (200 when none is given), body as JSON or as text, headers.
 * JSON implies a JSON content type unless the case names another.
 * @returns the differences, a line each; empty when there is none
 */
export function compareAnswer(expected: CaseExpectation, received: ReceivedAnswer): readonly string[] {
  const differences: string[] = [];
  const status = expected.status ?? 200;
  if (received.status !== status) differences.push(`status ${received.status}, expected ${status}`);
  if ('json' in expected) differences.push(...compareJson(expected, received));
  else if (expected.text !== undefined && !sameText(expected.text, received.body)) {
    differences.push(`body ${short(received.body)}, expected ${short(expected.text)}`);
  }
  for (const header of expected.headers ?? []) {
    const value = received.headers[header.name.toLowerCase()];
    if ('absent' in header) {
      if (value !== undefined) differences.push(`header ${header.name} is ${short(value)}, expected none`);
    } else if (value !== header.equals && !value?.split(', ').includes(header.equals)) {
      differences.push(`header ${header.name} is ${short(value)}, expected ${short(header.equals)}`);
    }
  }
  return differences;
}

function compareJson(expected: CaseExpectation, received: ReceivedAnswer): string[] {
  const differences: string[] = [];
  const names = (expected.headers ?? []).map(({ name }) => name.toLowerCase());
  const type = received.headers['content-type'] ?? '';
  if (!names.includes('content-type') && !/^[^;]*\bjson\b/.test(type)) {
    differences.push(`header Content-Type is ${short(type)}, expected JSON`);
  }
  let body: unknown;
  try {
    body = JSON.parse(received.body);
  } catch {
    return [...differences, `body ${short(received.body)} is no JSON, expected ${short(expected.json)}`];
  }
  if (!isDeepStrictEqual(body, expected.json)) differences.push(firstDifference(body, expected.json, ''));
  return differences;
}

/**
 * Some texts of the cases stand as their notation has them: a control character by its name, and lines of a block with
 * a margin up to `|`, whose last line is nothing but margin.
 */
function sameText(expected: string, received: string): boolean {
  if (received === expected || received === expected.replaceAll('SOH', '\x01')) return true;
  return (
    /\n\s*\|/.test(expected) && received === expected.replaceAll(/\n\s*\|/g, '\n').replace(/\n\s+$/, '\n')
  );
}

function firstDifference(received: unknown, expected: unknown, path: string): string {
  if (isNested(received) && isNested(expected) && Array.isArray(received) === Array.isArray(expected)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(received)]);
    for (const key of keys) {
      if (isDeepStrictEqual(received[key], expected[key])) continue;
      return firstDifference(received[key], expected[key], path === '' ? key : `${path}.${key}`);
    }
  }
  return `${path === '' ? 'body' : `body.${path}`} ${short(received)}, expected ${short(expected)}`;
}

function isNested(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
