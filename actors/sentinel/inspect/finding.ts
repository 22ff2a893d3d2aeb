import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Signature } from '../signatures/signature.ts';

/** What was found in a request, and where. */
export interface Finding {
  readonly score: number;
  readonly signature: Signature;
  readonly surface: Surface;
  /** `query.id`, `body.title`, `header.user-agent`, `path`. */
  readonly where: string;
  /** The value as it was received. */
  readonly value: string;
}
