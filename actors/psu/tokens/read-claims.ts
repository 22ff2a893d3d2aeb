import { refuseToken } from './refuse-token.ts';

/** Claims of a token whose signature is right. */
export interface Claims {
  readonly values: Readonly<Record<string, unknown>>;
  /** The same with numbers as the token wrote them, to be printed again without loss. */
  readonly exact: Readonly<Record<string, unknown>>;
}

/**
 * Reads the payload of a token.
 * @throws MF212 when it is no JSON object
 */
export function readClaims(payload: string): Claims {
  let values: unknown;
  let exact: unknown;
  try {
    values = JSON.parse(payload);
    exact = JSON.parse(payload, keepNumbers);
  } catch {
    throw refuseToken('MF212', 'Parsing claims failed');
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw refuseToken('MF212', 'Parsing claims failed');
  }
  return { values: values as Claims['values'], exact: exact as Claims['exact'] };
}

const { rawJSON } = JSON as unknown as { rawJSON(source: string): unknown };

function keepNumbers(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value;
}
