import { type HaskellToken, haskellTokens } from './haskell-tokens.ts';
import { type HaskellUnknown, type HaskellValue, isUnknownHaskellValue } from './haskell-value.ts';

/** `base { field = value, … }`, or a name alone. */
export interface RecordUpdate {
  /** Empty for an empty text. */
  readonly base: string;
  readonly fields: ReadonlyMap<string, HaskellValue>;
}

/** Functions that hand on what they are given: conversions between kinds of text, and constructors around values. */
const transparent = new Set(
  `Just Right Left id mk pack toQi toS toUtf8 encodeUtf8 decodeUtf8 fromString fromJust fromList fromRight'
   rightToMaybe hush pRoleClaimKey pDeprecatedRoleClaimKey parseSecret toList JSPath JSPFilter parseURI`.split(
    /\s+/,
  ),
);
/** Steps of a path through claims, written as the setting has them. */
const pathSteps: Readonly<Record<string, (value: string) => string>> = {
  JSPKey: (key) => `.${key}`,
  JSPIdx: (index) => `[${index}]`,
  EqualsCond: (text) => `[?(@ == ${text})]`,
  NotEqualsCond: (text) => `[?(@ != ${text})]`,
  StartsWithCond: (text) => `[?(@ ^== ${text})]`,
  EndsWithCond: (text) => `[?(@ ==^ ${text})]`,
  ContainsCond: (text) => `[?(@ *== ${text})]`,
};
const constants: Readonly<Record<string, HaskellValue>> = {
  True: true,
  False: false,
  Nothing: null,
  mempty: '',
  otherwise: true,
};

/**
 * Reads a configuration as specifications write it: `baseCfg { configDbMaxRows = Just 2 }`. Knows literals, lists,
 * tuples, application with and without `$` and `.`, `<>`, and `QualifiedIdentifier`; nested updates are merged.
 * @param source the text; `knownNames` what names of the specification stand for
 * @throws SyntaxError when it is not written like that
 */
export function parseRecordUpdate(
  source: string,
  knownNames: Readonly<Record<string, HaskellValue>> = {},
): RecordUpdate {
  const reader = new Reader(haskellTokens(source), { ...constants, ...knownNames });
  return reader.update();
}

class Reader {
  readonly #tokens: readonly HaskellToken[];
  readonly #names: Readonly<Record<string, HaskellValue>>;
  #at = 0;

  constructor(tokens: readonly HaskellToken[], names: Readonly<Record<string, HaskellValue>>) {
    this.#tokens = tokens;
    this.#names = names;
  }

  update(): RecordUpdate {
    if (this.#tokens.length === 0) return { base: '', fields: new Map() };
    let base: string;
    let fields = new Map<string, HaskellValue>();
    if (this.#takes('(')) {
      const inner = this.update();
      this.#expect(')');
      base = inner.base;
      fields = new Map(inner.fields);
    } else base = this.#name();
    while (this.#takes('{')) {
      do fields.set(...this.#field());
      while (this.#takes(','));
      this.#expect('}');
    }
    return { base, fields };
  }

  #field(): [string, HaskellValue] {
    const name = this.#name();
    this.#expect('=');
    return [name, this.#expression()];
  }

  /** Everything to the right of `$` or `.` is the last argument; `<>` joins texts and lists. */
  #expression(): HaskellValue {
    const parts: (HaskellValue | Call)[] = [];
    while (true) {
      const part = this.#atom();
      if (part === undefined) break;
      parts.push(part);
    }
    if (this.#takes('$') || this.#takes('.')) parts.push(this.#expression());
    const value = apply(parts);
    if (!this.#takes('<>')) return value;
    return joined(value, this.#expression());
  }

  #atom(): HaskellValue | Call | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined) return undefined;
    if (token.kind === 'text') return this.#after(token.text);
    if (token.kind === 'number') return this.#after(token.number);
    if (token.kind === 'name') {
      const name = token.name.split('.').at(-1) as string;
      return this.#after(this.#names[name] !== undefined ? this.#names[name] : { call: name });
    }
    if (this.#takes('-')) return -(this.#atom() as number);
    if (this.#takes('[')) return this.#list(']');
    if (this.#takes('(')) {
      const items = this.#list(')');
      return items.length === 1 ? (items[0] as HaskellValue) : items;
    }
    return undefined;
  }

  #list(end: string): HaskellValue[] {
    const items: HaskellValue[] = [];
    if (this.#takes(end)) return items;
    do items.push(this.#expression());
    while (this.#takes(','));
    this.#expect(end);
    return items;
  }

  #name(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name') throw new SyntaxError(`a name is expected instead of ${show(token)}`);
    return this.#after(token.name);
  }

  #after<T>(value: T): T {
    this.#at += 1;
    return value;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.sign !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign))
      throw new SyntaxError(`"${sign}" is expected instead of ${show(this.#tokens[this.#at])}`);
  }
}

/** A function or constructor that stands before its arguments. */
interface Call {
  readonly call: string;
}

function isCall(part: HaskellValue | Call | undefined): part is Call {
  return typeof part === 'object' && part !== null && 'call' in part;
}

function apply(parts: readonly (HaskellValue | Call)[]): HaskellValue {
  const [head, ...rest] = parts;
  if (head === undefined) throw new SyntaxError('a value is expected');
  if (!isCall(head)) return rest.length === 0 ? head : unknown(String(head));
  if (rest.length === 0) return unknown(head.call);
  if (head.call === 'QualifiedIdentifier') {
    const [schema, name] = rest.map((part) => (isCall(part) ? unknown(part.call) : part));
    if (typeof schema !== 'string' || typeof name !== 'string') return unknown(head.call);
    return { kind: 'qualified-name', schema, name };
  }
  const step = pathSteps[head.call];
  if (step !== undefined && !isCall(rest[0])) return step(JSON.stringify(rest[0]));
  if (!transparent.has(head.call)) return unknownOr(rest.at(-1), head.call);
  return apply(rest);
}

/** An unknown function of a known value is named by the function, one of an unknown value by the value. */
function unknownOr(argument: HaskellValue | Call | undefined, name: string): HaskellUnknown {
  if (isCall(argument)) return unknown(argument.call);
  if (argument !== undefined && !Array.isArray(argument) && isUnknownHaskellValue(argument)) {
    return argument as HaskellUnknown;
  }
  return unknown(name);
}

function unknown(name: string): HaskellUnknown {
  return { kind: 'unknown', name };
}

function joined(left: HaskellValue, right: HaskellValue): HaskellValue {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  return isUnknownHaskellValue(left) ? left : right;
}

function show(token: HaskellToken | undefined): string {
  return token === undefined ? 'the end' : JSON.stringify(Object.values(token)[1]);
}
