import type { JsonText } from '../../sdk/index.ts';

type JsonArray = Extract<JsonText, { kind: 'array' }>;

/**
 * A PostgreSQL array literal (documentation §8.15.6) of a JSON list, nested lists included.
 * @param arrayType type name behind domains: `_int4`, `_jsonb`
 * @returns undefined when the list holds objects that are no JSON values: elements are composites then, and
 *   only PostgreSQL can read those
 */
export function arrayLiteral(list: JsonArray, arrayType: string): string | undefined {
  const elementsAreJson = arrayType === '_json' || arrayType === '_jsonb';
  // box is the one type whose elements are separated by a semicolon.
  const delimiter = arrayType === '_box' ? ';' : ',';
  const elements: string[] = [];
  for (const item of list.items) {
    const element = elementsAreJson ? jsonElement(item) : plainElement(item, arrayType);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return `{${elements.join(delimiter)}}`;
}

function jsonElement(item: JsonText): string {
  return item.kind === 'null' ? 'NULL' : quoteElement(item.source);
}

function plainElement(item: JsonText, arrayType: string): string | undefined {
  switch (item.kind) {
    case 'null':
      return 'NULL';
    case 'string':
      return quoteElement(item.value);
    case 'array':
      return arrayLiteral(item, arrayType);
    case 'object':
      return undefined;
    default:
      return item.source;
  }
}

/** Always quoted, so that `NULL`, braces, commas and spaces are text. */
function quoteElement(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
