import { ExtensionError, type JsonText } from '../../sdk/index.ts';
import type { BatchOperation } from './batch-operation.ts';
import type { Reference } from './reference.ts';

/** The operation, `[2]` or `[*]`, and the rest behind a dot. */
const pattern = /^([A-Za-z0-9_-]+)(?:\[(\d{1,6}|\*)\])?(?:\.(.+))?$/s;

/**
 * Reads what `$ref` holds: `order.id` is a column of the first row of the operation `order` (or of that number),
 * `order[2].id` of its third, `order[*].id` of all rows; further names lead into a JSON value. A name with a dot in it
 * is given in a list: `["order", "odd.name"]`, `["order", 2, "odd.name"]`.
 * @param operation the one that it stands in
 * @throws MF434 for an operation that is not there, comes later, or is this one
 */
export function parseReference(
  json: JsonText,
  operation: BatchOperation,
  operations: readonly BatchOperation[],
): Reference {
  const text = json.kind === 'string' ? json.value : json.source;
  const { name, row, rest } =
    partsOf(json) ?? refuse(text, 'It is no reference.', 'Write {"$ref": "order.id"}.');
  const found =
    operations.find((one) => one.name === name) ?? operations.find(({ step }) => String(step) === name);
  if (found === undefined) {
    const names = operations.slice(0, operation.step).map((one) => one.name);
    const fix =
      names.length === 0 ? 'The first operation has none before it.' : `Before it are: ${names.join(', ')}.`;
    return refuse(text, `There is no operation "${name}".`, fix);
  }
  if (found.step >= operation.step) {
    const problem = found.step === operation.step ? 'is this operation itself' : 'comes later';
    return refuse(text, `"${name}" ${problem}.`, 'Put the operation that others refer to before them.');
  }
  const [column, ...path] = rest;
  return { text, step: found.step, row, column, path };
}

function partsOf(
  json: JsonText,
): { readonly name: string; readonly row: number | '*'; readonly rest: readonly string[] } | undefined {
  if (json.kind === 'string') {
    const [, name = '', row = '0', rest] = pattern.exec(json.value) ?? [];
    if (name === '') return undefined;
    return { name, row: row === '*' ? row : Number(row), rest: rest === undefined ? [] : rest.split('.') };
  }
  if (json.kind !== 'array') return undefined;
  const parts = json.items.map((item) =>
    item.kind === 'string'
      ? item.value
      : item.kind === 'number' && /^\d{1,6}$/.test(item.source)
        ? Number(item.source)
        : undefined,
  );
  const [name, second, ...others] = parts;
  if (name === undefined || parts.includes(undefined)) return undefined;
  const row = typeof second === 'number' ? second : 0;
  const rest = typeof second === 'string' ? [second, ...others] : others;
  return { name: String(name), row, rest: rest.map(String) };
}

function refuse(reference: string, problem: string, fix: string): never {
  throw new ExtensionError('MF434', `The reference "${reference}" leads nowhere. ${problem}`, {
    fix,
    details: { reference },
  });
}
