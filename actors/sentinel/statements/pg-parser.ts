import { createRequire } from 'node:module';

/** Of the parse tree that libpg-query prints as JSON. */
export type SyntaxNode = Readonly<Record<string, unknown>>;

/** What one text turned out to be; `problem` never quotes it. */
export interface Syntax {
  readonly tree: SyntaxNode | null;
  readonly problem: string | null;
}

/** One lexical token, offsets in bytes of UTF-8. */
export interface SyntaxToken {
  readonly start: number;
  readonly end: number;
  readonly tokenName: string;
}

/** What Emscripten makes of libpg-query; its own wrapper knows one instance only, and a broken one stays broken. */
interface Instance {
  getValue(pointer: number, type: 'i32'): number;
  UTF8ToString(pointer: number): string;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
  lengthBytesUTF8(text: string): number;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(pointer: number): number;
  _wasm_free_parse_result(pointer: number): void;
  _wasm_fingerprint(pointer: number): number;
  _wasm_scan(pointer: number): number;
  _wasm_free_string(pointer: number): void;
}

type Instantiate = () => Promise<Instance>;

const longestProblem = 120;
/** An instance never gives memory back; a new one costs about 20 ms. */
const textsPerInstance = 200_000;

/**
 * PostgreSQL's own parser. A text that overflows its stack leaves the instance in an unknown state: that one is thrown
 * away, and the next text gets a new one.
 */
export class PgParser {
  readonly #instantiate: Instantiate;
  #instance: Instance | undefined;
  #making: Promise<void> | undefined;
  #used = 0;

  constructor() {
    this.#instantiate = createRequire(import.meta.url)('libpg-query/wasm/libpg-query.js') as Instantiate;
  }

  /** False before the first text and when the last one cost the instance: then `ready` has to be awaited. */
  get usable(): boolean {
    return this.#instance !== undefined && this.#used < textsPerInstance;
  }

  /** Makes an instance, one for all that wait. Somebody else's text may cost it before the waiting one has its turn. */
  async ready(): Promise<void> {
    if (this.usable) return;
    this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    });
    await this.#making;
  }

  async #make(): Promise<void> {
    this.#instance = await this.#instantiate();
    this.#used = 0;
  }

  /** @param text without a zero byte, which would end it */
  parse(text: string): Syntax {
    return (
      this.#with(text, (instance, pointer) => {
        const result = instance._wasm_parse_query_raw(pointer);
        if (result === 0) throw new Error('no memory left in the parser');
        const error = instance.getValue(result + 8, 'i32');
        const printed =
          error === 0 ? instance.UTF8ToString(instance.getValue(result, 'i32')) : messageOf(instance, error);
        instance._wasm_free_parse_result(result);
        return error === 0
          ? { tree: JSON.parse(printed) as SyntaxNode, problem: null }
          : { tree: null, problem: printed };
      }) ?? { tree: null, problem: 'too deep for the parser' }
    );
  }

  /** @returns null when it has none */
  fingerprint(text: string): string | null {
    const found = this.#with(text, (instance, pointer) =>
      stringOf(instance, instance._wasm_fingerprint(pointer)),
    );
    // What went wrong comes as text, too.
    return found !== undefined && /^[0-9a-f]{16}$/.test(found) ? found : null;
  }

  /** @returns comments too; undefined where the text cannot be cut into tokens */
  tokens(text: string): readonly SyntaxToken[] | undefined {
    const found = this.#with(text, (instance, pointer) => stringOf(instance, instance._wasm_scan(pointer)));
    if (found?.startsWith('{') !== true) return undefined;
    return (JSON.parse(found) as { readonly tokens?: readonly SyntaxToken[] }).tokens;
  }

  /** @returns undefined when it broke the instance, or there is none */
  #with<T>(text: string, use: (instance: Instance, pointer: number) => T): T | undefined {
    const instance = this.#instance;
    if (instance === undefined) return undefined;
    this.#used += 1;
    try {
      const bytes = instance.lengthBytesUTF8(text) + 1;
      const pointer = instance._malloc(bytes);
      instance.stringToUTF8(text, pointer, bytes);
      const answer = use(instance, pointer);
      instance._free(pointer);
      return answer;
    } catch {
      this.#instance = undefined;
      return undefined;
    }
  }
}

/** Without what it quotes of the text. */
function messageOf(instance: Instance, error: number): string {
  const message = instance.UTF8ToString(instance.getValue(error, 'i32'));
  return message
    .replace(/ at or near ".*$/s, '')
    .replace(/".*$/s, '…')
    .slice(0, longestProblem);
}

function stringOf(instance: Instance, pointer: number): string {
  const text = instance.UTF8ToString(pointer);
  instance._wasm_free_string(pointer);
  return text;
}
