import type { PlanResult } from '../../../../sdk/index.ts';

/** Bytes where a media type handler made some: PostgreSQL writes them as hex (`\x4a4b`). Any other body is text. */
export function bodyBytes(body: string, result: PlanResult): string | Uint8Array {
  const isBytes = result.columns?.['body_type'] === 'bytea' && body.startsWith('\\x');
  return isBytes ? Buffer.from(body.slice(2), 'hex') : body;
}
