/**
 * Settings of a project's data API, named as PostgREST names its own, in camelCase. They belong to the project, are
 * kept by Storage and travel with the catalogue. What verifies tokens is in `TokenSettings`, kept by PSU.
 */
export interface DataApiSettings {
  /** Exposed schemas; the first one is the default. */
  readonly dbSchemas: readonly string[];
  readonly dbExtraSearchPath: readonly string[];
  readonly dbAggregatesEnabled: boolean;
  readonly dbPlanEnabled: boolean;
  /** Rows of one answer at most; null for no limit. */
  readonly dbMaxRows: number | null;
  /** `schema.function` or `function`, called in every transaction before the request's own statement. */
  readonly dbPreRequest: string | null;
  readonly dbRootSpec: string | null;
  readonly dbTxEnd: 'commit' | 'commit-allow-override' | 'rollback' | 'rollback-allow-override';
  readonly dbHoistedTxSettings: readonly string[];
  readonly clientErrorVerbosity: 'verbose' | 'minimal';
  readonly openapiMode: 'follow-privileges' | 'ignore-privileges' | 'disabled';
  readonly openapiSecurityActive: boolean;
  readonly openapiServerProxyUri: string | null;
  /** For `/rest/v1`; `*` is any, without credentials. Empty: the daemon's own setting holds, as for all else. */
  readonly serverCorsAllowedOrigins: readonly string[];
  readonly serverTimingEnabled: boolean;
  /** Name of a header that is sent back as it came; null for none. */
  readonly serverTraceHeader: string | null;
  readonly urlUseLegacyTargetNames: boolean;
  /** `app.settings.<name>` in every transaction. */
  readonly appSettings: Readonly<Record<string, string>>;
  /** Limits of requests by role (`anon`, `authenticated`, any other, `*` for the rest); of a key: its scopes. */
  readonly limits: Readonly<Record<string, CostLimits>>;
}

/** What one request may cost; an absent field does not limit. */
export interface CostLimits {
  /** Estimated total cost of the plan, in PostgreSQL's unit. */
  readonly cost?: number;
  readonly rows?: number;
  readonly bytes?: number;
  /** Levels of embedding below the first table. */
  readonly depth?: number;
  readonly timeMs?: number;
}

/** How tokens of a project are verified; kept by PSU because of the secret in it. */
export interface TokenSettings {
  /** Role of requests without a token; null refuses them. */
  readonly dbAnonRole: string | null;
  /** HMAC secret (text, or base64 when so said), a JWK or a JWKS as JSON text; null: no tokens. */
  readonly jwtSecret: string | null;
  readonly jwtSecretIsBase64: boolean;
  readonly jwtAud: string | null;
  /** JSPath of the role in the claims: `.role`. */
  readonly jwtRoleClaimKey: string;
  readonly jwtCacheMaxEntries: number;
}
