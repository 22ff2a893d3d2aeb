import { ExtensionError, type JsonText } from '../../sdk/index.ts';
import { unstorable } from '../parse/unstorable.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { arrayLiteral } from './array-literal.ts';
import type { BoundValue } from './bound-value.ts';

/**
 * Turns a JSON value into the text that the column's own input function reads. Numbers keep their source text,
 * so nothing is lost to a double on the way.
 * @throws MF422 when this kind of JSON cannot be a value of the column
 */
export function bindValue(column: ColumnSchema, json: JsonText): BoundValue {
  switch (json.kind) {
    case 'null':
      return { text: null, mode: 'value' };
    case 'number':
    case 'true':
    case 'false':
      return { text: json.source, mode: 'value' };
    case 'string': {
      // A json column takes the value as JSON, escapes and all; every other type takes the text itself.
      if (column.kind === 'json') return { text: json.source, mode: 'value' };
      const problem = unstorable(json.value);
      if (problem !== undefined) throw wrongValue(column, `the text ${problem}`);
      return { text: json.value, mode: 'value' };
    }
    case 'array':
    case 'object':
      return bindStructure(column, json);
  }
}

function bindStructure(
  column: ColumnSchema,
  json: Extract<JsonText, { kind: 'array' | 'object' }>,
): BoundValue {
  const found = json.kind === 'array' ? 'a list' : 'an object';
  switch (column.kind) {
    case 'json':
      return { text: json.source, mode: 'value' };
    case 'composite':
      if (json.kind === 'object') return { text: json.source, mode: 'record' };
      break;
    case 'array': {
      if (json.kind === 'object') break;
      const literal = arrayLiteral(json, column.baseType);
      if (literal === undefined) return { text: json.source, mode: 'record' };
      const problem = unstorable(literal);
      if (problem !== undefined) throw wrongValue(column, `a text in the list ${problem}`);
      return { text: literal, mode: 'value' };
    }
    case 'plain':
      // Types of extensions read JSON-like text themselves: vector takes [1,2,3].
      return { text: json.source, mode: 'value' };
  }
  throw wrongValue(column, `it takes ${column.type}, not ${found}`);
}

function wrongValue(column: ColumnSchema, reason: string): ExtensionError {
  return new ExtensionError('MF422', `"${column.name}" does not take this value: ${reason}.`, {
    fix: `Send a value of type ${column.type}.`,
    details: { column: column.name, type: column.type },
  });
}
