import type { GatewayAnswer } from '../../../sdk/index.ts';

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' } as const;

/** An answer with a JSON body. */
export function jsonAnswer(
  status: number,
  body: string,
  headers?: Readonly<Record<string, string>>,
): GatewayAnswer {
  return { status, headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers }, body };
}
