import { breakOutSignatures } from './break-out.signatures.ts';
import { conditionSignatures } from './condition.signatures.ts';
import { doubtfulSignatures } from './doubtful.signatures.ts';
import { functionSignatures } from './function.signatures.ts';
import type { Signature } from './signature.ts';
import { statementSignatures } from './statement.signatures.ts';
import { unionSignatures } from './union.signatures.ts';

/** Every signature of SQLGuard. */
export const signatures: readonly Signature[] = [
  ...breakOutSignatures,
  ...unionSignatures,
  ...conditionSignatures,
  ...functionSignatures,
  ...statementSignatures,
  ...doubtfulSignatures,
];
