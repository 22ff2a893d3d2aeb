import type { AnyNode, CallExpression, NewExpression, Program } from 'acorn';
import type { ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import { capabilityFindings } from './capability-findings.ts';
import type { Finding } from './finding.ts';
import { nameOf } from './name-of.ts';
import { parseCode } from './parse-code.ts';
import { type TextFinding, textFindings } from './text-findings.ts';
import { walkSyntax } from './walk-syntax.ts';

const file = 'extension.js';
const intrinsics =
  /^(globalThis\.)?(Object|Function|Array|String|Number|Boolean|Symbol|Promise|Map|Set|WeakMap|WeakSet|RegExp|Date|Error|JSON|Math|Reflect|Proxy|ArrayBuffer|Uint8Array|Iterator)(\.prototype)?$/;
const nodeNames = [
  'process',
  'require',
  'Buffer',
  '__dirname',
  '__filename',
  'XMLHttpRequest',
  'Deno',
  'Bun',
];
const sharedMemory = ['SharedArrayBuffer', 'Atomics'];

/**
 * Reads the bundled module as a syntax tree, so that comments and texts are not taken for code, nor code for texts.
 * A tool for honest reviews: who wants to hide a call from it can (`a['ev' + 'al']`).
 */
export function* codeFindings(code: string, manifest: ExtensionManifest): Generator<Finding> {
  let program: Program;
  try {
    program = parseCode(code);
  } catch (thrown) {
    const { loc, message } = thrown as { readonly loc?: { readonly line: number }; readonly message: string };
    const why =
      thrown instanceof RangeError
        ? 'it is nested too deep'
        : message.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
    yield {
      severity: 'danger',
      rule: 'unreadable',
      message: `the code cannot be read: ${why}`,
      file,
      line: loc?.line ?? null,
    };
    return;
  }
  const used = new Map<string, number>();
  const words = new Set<string>();
  /** Names of members: `a.process` is not the `process` of Node. Walked after what they stand in. */
  const labels = new Set<unknown>();
  for (const node of walkSyntax(program)) {
    const line = node.loc?.start.line ?? null;
    if (node.type === 'MemberExpression' && !node.computed) labels.add(node.property);
    if ('key' in node && !('computed' in node && node.computed)) labels.add(node.key);
    if (node.type === 'Identifier' && !labels.has(node)) {
      for (const found of ofName(node.name)) yield { ...found, file, line };
    }
    for (const found of ofNode(node, manifest)) yield { ...found, file, line };
    note(node, used, words);
  }
  yield* ofWriting(code);
  yield* capabilityFindings(manifest, used, words, file);
}

function* ofNode(node: AnyNode, manifest: ExtensionManifest): Generator<TextFinding> {
  switch (node.type) {
    case 'ImportExpression':
      yield {
        severity: 'danger',
        rule: 'dynamic-import',
        message: 'loads a module that is not in the package',
      };
      return;
    case 'ImportDeclaration':
      yield { severity: 'danger', rule: 'import', message: 'imports a module that is not in the package' };
      return;
    case 'CallExpression':
    case 'NewExpression':
      yield* ofCall(node);
      return;
    case 'AssignmentExpression': {
      const target = nameOf(node.left as AnyNode);
      if (isTampering(target)) yield tampering(target);
      return;
    }
    case 'MemberExpression':
      if (nameOf(node).endsWith('.__proto__')) yield tampering('__proto__');
      if (nameOf(node.object).endsWith('globalThis')) yield* ofName(nameOf(node).split('.').at(-1)!);
      return;
    case 'Property':
      if (!node.computed && nameOfKey(node.key) === '__proto__') yield tampering('__proto__');
      return;
    case 'Literal':
      if (typeof node.value === 'string') yield* textFindings(node.value, manifest);
      return;
    case 'TemplateLiteral':
      yield* textFindings(node.quasis.map(({ value }) => value.cooked ?? value.raw).join('?'), manifest);
      return;
    case 'ArrayExpression':
      if (beginsWasm(node.elements)) {
        yield { severity: 'warning', rule: 'webassembly', message: 'an array holds WebAssembly code' };
      }
      return;
    default:
  }
}

function* ofCall(node: CallExpression | NewExpression): Generator<TextFinding> {
  const name = nameOf(node.callee as AnyNode).replace(/^globalThis\./, '');
  const [first] = node.arguments as AnyNode[];
  if (name === 'Function' || (/(^|\.)constructor(\.constructor)?$/.test(name) && isText(first))) {
    yield {
      severity: 'danger',
      rule: 'code-from-text',
      message: `makes code of a text with ${name.slice(0, 60)}`,
    };
  }
  if (/^set(Timeout|Interval)$/.test(name) && isText(first)) {
    yield { severity: 'danger', rule: 'code-from-text', message: `makes code of a text with ${name}` };
  }
  if (/^(Object|Reflect)\.(definePropert(y|ies)|setPrototypeOf|assign)$/.test(name) && first !== undefined) {
    const target = nameOf(first);
    if (intrinsics.test(target)) yield tampering(target);
  }
  if (
    /\.db\.(read|write)\.query$/.test(name) &&
    first?.type === 'TemplateLiteral' &&
    first.expressions.length > 0
  ) {
    yield {
      severity: 'warning',
      rule: 'sql-built',
      message: 'SQL is put together from values; parameters ($1) would keep them apart',
    };
  }
}

function* ofName(name: string): Generator<TextFinding> {
  if (name === 'eval')
    yield { severity: 'danger', rule: 'code-from-text', message: 'makes code of a text with eval' };
  if (name === 'WebAssembly') {
    yield {
      severity: 'warning',
      rule: 'webassembly',
      message: 'uses WebAssembly, which extensions do not have',
    };
  }
  if (sharedMemory.includes(name)) {
    yield {
      severity: 'warning',
      rule: 'shared-memory',
      message: `uses ${name}, which extensions do not have`,
    };
  }
  if (nodeNames.includes(name)) {
    yield { severity: 'info', rule: 'host-object', message: `uses ${name}, which extensions do not have` };
  }
}

/** How the code is written says something of its own: a reader must be able to read it. */
function* ofWriting(code: string): Generator<Finding> {
  const mangled = new Set(code.match(/\b_0x[0-9a-f]{4,}\b/g) ?? []).size;
  if (mangled >= 5) {
    yield {
      severity: 'danger',
      rule: 'obfuscated',
      message: `${mangled} names are made to be unreadable`,
      file,
      line: null,
    };
  }
  const escapes = (code.match(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/gi) ?? []).length;
  if (escapes >= 200 && escapes * 4 > code.length / 10) {
    yield {
      severity: 'warning',
      rule: 'obfuscated',
      message: `${escapes} characters are written as codes`,
      file,
      line: null,
    };
  }
  const lines = code.split('\n');
  if (code.length > 5000 && code.length / lines.length > 500) {
    const average = Math.round(code.length / lines.length);
    yield {
      severity: 'info',
      rule: 'minified',
      message: `its lines have ${average} characters on average: it is not meant to be read`,
      file,
      line: null,
    };
  }
}

/** Names of members for the comparison with the manifest: calls with their line, and every word. */
function note(node: AnyNode, used: Map<string, number>, words: Set<string>): void {
  if (node.type === 'Identifier') words.add(node.name);
  if (node.type === 'Literal' && typeof node.value === 'string' && node.value.length < 50)
    words.add(node.value);
  if (node.type !== 'CallExpression') return;
  const name = nameOf(node.callee as AnyNode);
  if (!used.has(name)) used.set(name, node.loc?.start.line ?? 0);
}

function isTampering(target: string): boolean {
  const parent = target.slice(0, target.lastIndexOf('.'));
  return intrinsics.test(parent) && target !== parent;
}

function tampering(target: string): TextFinding {
  return {
    severity: 'warning',
    rule: 'prototype-tampering',
    message: `changes what the language itself gives: ${target.slice(0, 60)}`,
  };
}

function isText(node: AnyNode | undefined): boolean {
  return node?.type === 'TemplateLiteral' || (node?.type === 'Literal' && typeof node.value === 'string');
}

function nameOfKey(key: AnyNode): string {
  return key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
}

function beginsWasm(elements: readonly (AnyNode | null)[]): boolean {
  return [0, 0x61, 0x73, 0x6d].every((byte, index) => {
    const element = elements[index];
    return element?.type === 'Literal' && element.value === byte;
  });
}
