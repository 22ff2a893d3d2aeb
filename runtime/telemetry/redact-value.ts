import { redact } from './redact.ts';

/** Names of fields whose value is never shown, whatever it is. */
const secret = /authorization|cookie|api-?key|^key$|masterkey|passw|secret|token|credential|private|^args$/i;
const depth = 6;
const entries = 100;
const characters = 2_000;

/**
 * A value as it may be shown: secrets masked by name and by look, large things cut, what is no data named. Always
 * JSON.
 */
export function redactValue(value: unknown, left = depth): unknown {
  if (typeof value === 'string') {
    const text = redact.text(value);
    return text.length > characters ? `${text.slice(0, characters)}… (${text.length} characters)` : text;
  }
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return `(${typeof value})`;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (value instanceof Error) return redact.text(`${value.name}: ${value.message}`);
  if (left === 0) return '(…)';
  if (value instanceof Map) return redactEntries([...value].slice(0, entries + 1), left);
  if (Array.isArray(value) || value instanceof Set) {
    const all = [...value];
    const shown = all.slice(0, entries).map((each) => redactValue(each, left - 1));
    return all.length > entries ? [...shown, `… (${all.length} in all)`] : shown;
  }
  return redactEntries(Object.entries(value), left);
}

function redactEntries(pairs: readonly (readonly [unknown, unknown])[], left: number): unknown {
  const shown = pairs.slice(0, entries).map(([name, value]) => {
    const text = redact.text(String(name));
    return [text, secret.test(text) ? redact.mask : redactValue(value, left - 1)];
  });
  if (pairs.length > entries) shown.push(['…', 'and more']);
  return Object.fromEntries(shown);
}
