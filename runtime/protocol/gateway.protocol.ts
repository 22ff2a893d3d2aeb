import type { MagFlockError } from '../errors/magflock-error.ts';
import type { CostLimits } from './data-api-settings.ts';
import type { RequestRole } from './identity.protocol.ts';
import type { Plan, PlanResult } from './plan.protocol.ts';
import type { RequestContext } from './request-context.ts';

/** An answer that needs no database: the endpoint list, the OpenAPI document. */
export interface GatewayAnswer {
  readonly status: number;
  /** A list is a header that is repeated. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
  /** The answer is that of an error: its code, for log and metrics. */
  readonly failed?: string | undefined;
}

/** What is known of a request that is refused outside its gateway. */
export interface RefusedRequest {
  readonly project: string;
  /** Prefix that was called. */
  readonly mount: string;
  readonly mountedPath: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Request as a gateway sees it: no key, no role name it could plan with; only what the identity may see. */
export interface GatewayRequest extends Omit<RequestContext, 'headers'> {
  /** Path below the mount, percent-encoded: `/track/5` for `/api/track/5`. */
  readonly mountedPath: string;
  /** The prefix that was called: `/rest/v1`. */
  readonly mount: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's bytes when it is no text (mounts with `anyText` only); `body` is undefined then. */
  readonly bytes?: Uint8Array | undefined;
  /** For answers that depend on what the caller may see (the endpoint list); never part of a plan. */
  readonly visibleAs: RequestRole;
  /** Nobody signed in: the role is that of requests without a token. */
  readonly isAnonymous: boolean;
  /** What the key limits a request to, besides the limits of its role. */
  readonly limits?: CostLimits | undefined;
  /** Conditions that a hook puts on every row besides, in the words of the dialect: `deleted_at=is.null`. */
  readonly filter?: string;
}

/** Who asks, for gateways that answer by themselves. */
export interface Caller {
  readonly role: RequestRole;
  /** JSON text of the claims. */
  readonly claims: string;
}

/** A prefix, and what its dialect does differently from a plain JSON interface. */
export interface GatewayMount {
  /** `/rest/v1` */
  readonly prefix: string;
  /**
   * Bodies of any type are handed over, not JSON only: as `body` when they are valid UTF-8, else as `bytes`. `json` is
   * there whenever the text is JSON that the guard could read; where it is undefined, what calls itself JSON is
   * malformed, and the gateway must refuse it. Compressed bodies are still refused.
   */
  readonly anyText?: boolean;
  /**
   * Callers send a token beside the key (`AuthenticationFacts.tokens`). Cookies carry no key then: the gateway sees
   * them. `else-key`: a request without a token is that of its key, as on mounts without tokens.
   */
  readonly tokens?: boolean | 'else-key';
  /**
   * The gateway deals with every method itself: HEAD stays HEAD (elsewhere it is planned as GET), methods unknown to
   * HTTP interfaces reach it, and answers get no ETag. The body of an answer to HEAD is never sent; an empty one is
   * sent without a length.
   */
  readonly ownMethods?: boolean;
}

/** What the CPU calls of a mounted gateway, in its own thread. */
export interface GatewayReplica {
  /** Prefixes this gateway serves, for example `/api`; a text is a mount without differences. */
  readonly mounts: readonly (string | GatewayMount)[];
  /** Error dialect of the prefix; `problem` is RFC 9457. */
  readonly dialect: 'problem';
  /** Parse and plan. Throws MagFlockError for what cannot be planned (unknown table, wrong filter). */
  plan(request: GatewayRequest, caller?: Caller | null): Plan | GatewayAnswer | Promise<Plan | GatewayAnswer>;
  /** A path that may be called without a key. A caller who has one is told by it all the same. */
  anonymous?(request: Pick<GatewayRequest, 'project' | 'method' | 'path' | 'mountedPath'>): boolean;
  /** Prefixes beyond `mounts` that come and go: the one this path is below, or undefined. They are like the first. */
  mounted?(path: string): string | undefined;
  /** Status, headers and body of a plan's result. */
  answer(request: GatewayRequest, plan: Plan, result: PlanResult): GatewayAnswer;
  /** A database error in the words of this gateway: names column and constraint, says the way out. */
  explain(request: GatewayRequest, plan: Plan, error: DatabaseErrorFacts): Error | GatewayAnswer;
  /**
   * Any other error (no key, blocked, too long, saturated, a hook's refusal) in the shape of the dialect of the prefix;
   * undefined leaves it to RFC 9457. Headers that its status asks for (`WWW-Authenticate`, `Retry-After`, `Allow`) are
   * added where the answer has none of the name.
   */
  refuse?(request: RefusedRequest, error: MagFlockError): GatewayAnswer | undefined;
  /**
   * Answers a CORS preflight, which browsers send without a key; undefined leaves it to the daemon's own setting.
   * Whatever `Access-Control-*` an answer of a gateway has, the CPU does not add.
   */
  preflight?(request: RefusedRequest): GatewayAnswer | undefined | Promise<GatewayAnswer | undefined>;
}

/** What PostgreSQL said about a failed statement (protocol fields of ErrorResponse). */
export interface DatabaseErrorFacts {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  readonly dataType: string | undefined;
  /** Context; names the parameter (`unnamed portal parameter $2`) when a value did not fit. */
  readonly where: string | undefined;
  /** Position of that parameter, counted from 0, when `where` names one. */
  readonly parameter: number | undefined;
  /** Which statement it was when the plan has several: 0 for its own, then its steps. Not known of a failed commit. */
  readonly step?: number | undefined;
  /** It was not the plan that failed but what runs before it (`Plan.before`). */
  readonly before?: true | undefined;
}
