import type { DataSchema } from '../../../schema-cache/data-schema.ts';

/** A description is long and the same for all callers of a role; one of each is kept as long as its schema. */
const kept = new WeakMap<DataSchema, Map<string, string>>();
/** The name of the host is the caller's to choose: it must not fill the memory. */
const mostKept = 8;

/**
 * The document of a schema, made once.
 * @param key all that it depends on besides
 */
export function rootDocument(schema: DataSchema, key: string, make: () => unknown): string {
  let documents = kept.get(schema);
  if (documents === undefined) {
    documents = new Map();
    kept.set(schema, documents);
  }
  let document = documents.get(key);
  if (document === undefined) {
    document = JSON.stringify(make());
    const [oldest] = documents.keys();
    if (documents.size >= mostKept && oldest !== undefined) documents.delete(oldest);
    documents.set(key, document);
  }
  return document;
}
