import type { JsonText } from '../../sdk/index.ts';
import { invalidBatch } from './invalid-batch.ts';
import { referenceSql } from './reference-sql.ts';
import type { StepWriter } from './step-writer.ts';

/** What `{"$ref": …}` or `{"$literal": …}` holds; undefined for anything else. */
export function marked(json: JsonText, mark: '$ref' | '$literal'): JsonText | undefined {
  return json.kind === 'object' && json.entries.size === 1 ? json.entries.get(mark) : undefined;
}

/** Whether a value has marks at any depth: it cannot be bound as it is then. */
export function hasMarks(json: JsonText): boolean {
  if (json.kind === 'array') return json.items.some(hasMarks);
  if (json.kind !== 'object') return false;
  if (marked(json, '$ref') !== undefined || marked(json, '$literal') !== undefined) return true;
  for (const value of json.entries.values()) if (hasMarks(value)) return true;
  return false;
}

/**
 * A JSON value as SQL of type json. What it refers to is put between the pieces of its source text, so that numbers
 * keep their digits; `{"$literal": …}` is taken as it is, references and all.
 */
export function jsonSql(json: JsonText, writer: StepWriter): string {
  const reference = marked(json, '$ref');
  if (reference !== undefined) return referenced(reference, writer);
  if (!hasMarks(json)) return writer.parameter(json.source, 'body', null, 'json');
  const pieces: (string | { readonly sql: string })[] = [];
  collect(json, pieces, writer);
  const parts: string[] = [];
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    parts.push(writer.parameter(text, 'body', null, 'text'), `(${piece.sql})::text`);
    text = '';
  }
  return `(${[...parts, writer.parameter(text, 'body', null, 'text')].join(' || ')})::json`;
}

function collect(json: JsonText, pieces: (string | { readonly sql: string })[], writer: StepWriter): void {
  const literal = marked(json, '$literal');
  const reference = marked(json, '$ref');
  if (literal !== undefined) pieces.push(literal.source);
  else if (reference !== undefined) pieces.push({ sql: referenced(reference, writer) });
  else if (!hasMarks(json)) pieces.push(json.source);
  else if (json.kind === 'array') {
    for (const [index, item] of json.items.entries()) {
      pieces.push(index === 0 ? '[' : ',');
      collect(item, pieces, writer);
    }
    pieces.push(']');
  } else if (json.kind === 'object') {
    let before = '{';
    for (const [name, value] of json.entries) {
      pieces.push(`${before}${JSON.stringify(name)}:`);
      collect(value, pieces, writer);
      before = ',';
    }
    pieces.push('}');
  }
}

function referenced(json: JsonText, writer: StepWriter): string {
  const { reference, index } = writer.refer(json);
  if (reference.row === '*') {
    throw invalidBatch(
      `"${reference.text}" stands for several values.`,
      `[*] belongs into a condition: {"in": {"$ref": "${reference.text}"}}.`,
    );
  }
  return referenceSql(reference, index, writer);
}
