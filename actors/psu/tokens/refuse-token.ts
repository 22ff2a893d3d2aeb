import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { TokenRefusal } from '../../../runtime/protocol/psu.protocol.ts';

type Code = 'MF211' | 'MF212' | 'MF213' | 'MF214';

const pgrstCodes: Readonly<Record<Code, string>> = {
  MF211: 'PGRST301',
  MF212: 'PGRST303',
  MF213: 'PGRST302',
  MF214: 'PGRST300',
};

/**
 * The error of a refused token. Its details are a `TokenRefusal`: what the dialect of PostgREST answers.
 * @param code MF211 it cannot be verified, MF212 its claims are refused, MF213 one is needed, MF214 there is no key
 */
export function refuseToken(code: Code, message: string, details: string | null = null): MagFlockError {
  const pgrst = { code: pgrstCodes[code], message, details, hint: null };
  // RFC 6750 §3: without a token the scheme alone; a server without a key has nothing to ask for.
  const authenticate =
    code === 'MF213'
      ? 'Bearer'
      : code === 'MF214'
        ? null
        : `Bearer error="invalid_token", error_description="${message.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`;
  return new MagFlockError(code, message, { details: { pgrst, authenticate } satisfies TokenRefusal });
}
