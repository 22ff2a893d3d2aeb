import { isAlias, isCollection, isScalar, parseDocument, visit } from 'yaml';

const maxDepth = 32;
const forbidden = ['__proto__', 'constructor', 'prototype'];

/**
 * The part of YAML 1.2 that is JSON in another dress: no anchors, aliases (a few lines of them grow to gigabytes),
 * tags, merge keys or second documents, and keys are texts that occur once.
 * @throws Error saying what is wrong
 */
export function parseStrictYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new Error(problem.message);
  visit(document, {
    Node(_key, node, path) {
      if (isAlias(node)) throw new Error(`the alias *${node.source} is not allowed`);
      if (node.anchor !== undefined) throw new Error(`the anchor &${node.anchor} is not allowed`);
      if (node.tag !== undefined && !isPlainTag(node.tag, node))
        throw new Error(`the tag ${node.tag} is not allowed`);
      if (path.length > maxDepth * 2) throw new Error(`it is nested deeper than ${maxDepth} levels`);
    },
    Pair(_key, { key }) {
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string') throw new Error('a key is not a text');
      if (forbidden.includes(name) || name === '<<') throw new Error(`the key ${name} is not allowed`);
    },
  });
  return document.toJS({ maxAliasCount: 0 });
}

/** Tags that YAML itself puts on what has none. */
function isPlainTag(tag: string, node: unknown): boolean {
  return isCollection(node)
    ? /^tag:yaml\.org,2002:(map|seq)$/.test(tag)
    : /^tag:yaml\.org,2002:(str|int|float|bool|null)$/.test(tag);
}
