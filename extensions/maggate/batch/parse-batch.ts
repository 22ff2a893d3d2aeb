import { ExtensionError, type JsonText } from '../../sdk/index.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import { unstorable } from '../parse/unstorable.ts';
import { nearestName } from '../schema-cache/nearest-name.ts';
import type { BatchOperation, BatchWord } from './batch-operation.ts';
import { inStep } from './in-step.ts';
import { invalidBatch } from './invalid-batch.ts';
import { readWords } from './read-words.ts';

const mostOperations = 100;

/** What each operation takes besides `id`, `op`, `expect`. */
const members: Readonly<Record<BatchWord, readonly string[]>> = {
  insert: ['table', 'data', 'fields'],
  upsert: ['table', 'data', 'fields', 'onConflict'],
  update: ['table', 'data', 'where', 'fields'],
  delete: ['table', 'where', 'fields'],
  select: ['table', 'where', 'fields', 'sort', 'limit', 'query'],
  call: ['function', 'data'],
};

/** Ids stand before dots and brackets in references, and a number is a position. */
const idPattern = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/**
 * Reads `{"operations": […]}`.
 * @throws MF423 for what is no batch, MF426 for one that is too long
 */
export function parseBatch(json: JsonText | undefined): readonly BatchOperation[] {
  const example = 'Send {"operations": [{"op": "insert", "table": "orders", "data": {…}}, …]}.';
  if (json?.kind !== 'object') throw invalidBatch('The body is no JSON object.', example);
  for (const name of json.entries.keys()) {
    if (name !== 'operations') throw invalidBatch(`A batch has no "${name}".`, example);
  }
  const list = json.entries.get('operations');
  if (list?.kind !== 'array') throw invalidBatch('"operations" is no list.', example);
  if (list.items.length === 0) throw invalidBatch('"operations" is empty.', example);
  if (list.items.length > mostOperations) {
    throw new ExtensionError(
      'MF426',
      `The batch has ${list.items.length} operations; ${mostOperations} are allowed.`,
      {
        fix: 'One insert takes many rows: "data": [{…}, {…}].',
        details: { limit: 'operations', value: list.items.length, allowed: mostOperations },
      },
    );
  }
  const operations: BatchOperation[] = [];
  const names = new Set<string>();
  for (const [step, item] of list.items.entries()) {
    const name = nameOf(item, step);
    operations.push(
      inStep({ step, name }, () => {
        if (names.has(name)) throw invalidBatch(`An earlier operation has the id "${name}" already.`);
        return parseOperation(item, step, name);
      }),
    );
    names.add(name);
  }
  return operations;
}

function nameOf(item: JsonText, step: number): string {
  const id = item.kind === 'object' ? item.entries.get('id') : undefined;
  return id?.kind === 'string' && idPattern.test(id.value) ? id.value : String(step);
}

function parseOperation(item: JsonText, step: number, name: string): BatchOperation {
  if (item.kind !== 'object') throw invalidBatch('It is no object.');
  const id = item.entries.get('id');
  if (id !== undefined && (id.kind !== 'string' || !idPattern.test(id.value))) {
    throw invalidBatch('"id" must be a word of letters, digits, _ and -, beginning with a letter.');
  }
  const op = wordOf(item);
  const allowed = ['id', 'op', 'expect', ...members[op]];
  for (const member of item.entries.keys()) {
    if (allowed.includes(member)) continue;
    const near = nearestName(member, allowed);
    const fix = near === undefined ? `It takes ${allowed.join(', ')}.` : `Did you mean "${near}"?`;
    throw invalidBatch(`${op} takes no "${member}".`, fix);
  }
  const place = op === 'call' ? 'function' : 'table';
  const operation: BatchOperation = {
    step,
    name,
    op,
    target: textOf(item, place) ?? missing(op, place),
    data: item.entries.get('data'),
    where: objectOf(item, 'where'),
    fields: readWords(item.entries.get('fields'), 'fields'),
    onConflict: readWords(item.entries.get('onConflict'), 'onConflict'),
    expect: wholeOf(item, 'expect', 0),
    sort: textOf(item, 'sort'),
    limit: wholeOf(item, 'limit', 1),
    query: textOf(item, 'query'),
  };
  if ((op === 'update' || op === 'delete') && operation.where === undefined) {
    throw invalidBatch(`${op} has no "where".`, 'Say which rows; "where": {} is all of them.');
  }
  if (operation.query !== undefined && item.entries.size > (id === undefined ? 3 : 4)) {
    throw invalidBatch('"query" stands for where, fields, sort, limit and expect.', 'Leave the others out.');
  }
  return operation;
}

function wordOf(item: JsonObject): BatchWord {
  const op = textOf(item, 'op') ?? '';
  if (Object.hasOwn(members, op)) return op as BatchWord;
  throw invalidBatch(`"op" is none of ${Object.keys(members).join(', ')}.`);
}

function missing(op: string, name: string): never {
  throw invalidBatch(`${op} has no "${name}".`);
}

function textOf(item: JsonObject, name: string): string | undefined {
  const json = item.entries.get(name);
  if (json === undefined) return undefined;
  if (json.kind !== 'string' || unstorable(json.value) !== undefined)
    throw invalidBatch(`"${name}" is no text.`);
  return json.value;
}

function objectOf(item: JsonObject, name: string): JsonObject | undefined {
  const json = item.entries.get(name);
  if (json === undefined || json.kind === 'object') return json;
  throw invalidBatch(`"${name}" is no object.`, 'Write {"column": value, "other": {"gt": 5}}.');
}

function wholeOf(item: JsonObject, name: string, least: number): number | undefined {
  const json = item.entries.get(name);
  if (json === undefined) return undefined;
  const value = json.kind === 'number' && /^\d{1,9}$/.test(json.source) ? Number(json.source) : -1;
  if (value >= least) return value;
  throw invalidBatch(`"${name}" is no whole number from ${least}.`);
}
