import { hash } from 'node:crypto';
import type { TokenSettings } from '../../../runtime/protocol/data-api-settings.ts';
import { checkClaims } from './check-claims.ts';
import { isClosedRole } from './is-closed-role.ts';
import { namesOtherProject } from './names-other-project.ts';
import { openJwt } from './open-jwt.ts';
import { readClaims } from './read-claims.ts';
import { readJwtSecret } from './read-jwt-secret.ts';
import { refuseToken } from './refuse-token.ts';
import { type RolePath, rolePath } from './role-path.ts';
import type { TokenKey } from './token-key.ts';

/** Whom a verified token stands for. */
export interface TokenBearer {
  readonly role: string;
  /** The token names no role, or that of strangers. */
  readonly isAnonymous: boolean;
  /** JSON text of the claims with the role in them. */
  readonly claims: string;
  /** Claim `sub`, or the beginning of the token's digest. */
  readonly subject: string;
}

interface Verified extends TokenBearer {
  readonly values: Readonly<Record<string, unknown>>;
}

export interface TokenVerifierNeeds {
  readonly project: string;
  readonly settings: TokenSettings;
  /** Base URL of a project. */
  readonly issuer: (project: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Verifies the tokens of one project as its settings say. Other settings are another verifier. */
export class TokenVerifier {
  readonly #needs: TokenVerifierNeeds;
  readonly #keys: readonly TokenKey[] | null;
  readonly #rolePath: RolePath;
  /** By the digest of the token, least recently used first: a token in the heap would be a secret there. */
  readonly #known = new Map<string, Verified>();

  constructor(needs: TokenVerifierNeeds) {
    const { jwtSecret, jwtSecretIsBase64, jwtRoleClaimKey } = needs.settings;
    this.#needs = needs;
    this.#keys = jwtSecret === null ? null : readJwtSecret(jwtSecret, jwtSecretIsBase64);
    this.#rolePath = rolePath(jwtRoleClaimKey);
  }

  /** Tokens that need no look at their signature. */
  get cached(): number {
    return this.#known.size;
  }

  /** Role of requests without a token. @throws MF213 when there is none */
  get anonymous(): string {
    const { dbAnonRole } = this.#needs.settings;
    if (dbAnonRole === null) throw refuseToken('MF213', 'Anonymous access is disabled');
    return dbAnonRole;
  }

  /** @throws MF211, MF212, MF213 when it names no role and none is meant then, MF214 without a key */
  verify(token: string): TokenBearer {
    if (this.#keys === null) throw refuseToken('MF214', 'Server lacks JWT secret');
    const digest = hash('sha256', token, 'base64url');
    const known = this.#known.get(digest);
    this.#known.delete(digest);
    const { now, settings } = this.#needs;
    if (known !== undefined) checkClaims(known.values, { now: now(), audience: settings.jwtAud });
    const verified = known ?? this.#open(token, digest, this.#keys);
    this.#keep(digest, verified);
    const { values: _, ...bearer } = verified;
    return bearer;
  }

  #open(token: string, digest: string, keys: readonly TokenKey[]): Verified {
    const { now, settings, project, issuer } = this.#needs;
    const { values, exact } = readClaims(openJwt(token, keys));
    checkClaims(values, { now: now(), audience: settings.jwtAud });
    if (namesOtherProject(values['iss'], project, issuer)) {
      throw refuseToken('MF212', 'JWT is of another project');
    }
    const role = this.#roleIn(values);
    const { sub } = values;
    return {
      role,
      isAnonymous: role === settings.dbAnonRole,
      claims: JSON.stringify({ ...exact, role }),
      subject: subjectOf(sub) ?? `token-${digest.slice(0, 16)}`,
      values,
    };
  }

  #roleIn(claims: Readonly<Record<string, unknown>>): string {
    const role = this.#rolePath(claims) ?? null;
    if (role === null) return this.anonymous;
    if (typeof role !== 'string') throw refuseToken('MF212', 'The role in the JWT must be a string');
    if (isClosedRole(this.#needs.project, role)) {
      throw refuseToken('MF212', 'The role in the JWT is not possible');
    }
    return role;
  }

  #keep(digest: string, verified: Verified): void {
    const most = this.#needs.settings.jwtCacheMaxEntries;
    if (most === 0) return;
    if (this.#known.size >= most) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest as string);
    }
    this.#known.set(digest, verified);
  }
}

/** It is shown in trails and on terminals, so it has no control characters and an end. */
function subjectOf(sub: unknown): string | undefined {
  if (typeof sub !== 'string' || sub === '') return undefined;
  return sub.slice(0, 200).replace(/[\p{C}]/gu, '?');
}
