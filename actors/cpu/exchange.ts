import type { ServerResponse } from 'node:http';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type {
  GatewayAnswer,
  GatewayReplica,
  GatewayRequest,
} from '../../runtime/protocol/gateway.protocol.ts';
import type { Identity, IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanResult } from '../../runtime/protocol/plan.protocol.ts';
import type { RequestContext } from '../../runtime/protocol/request-context.ts';
import type { UnsureValue } from '../../runtime/protocol/sentinel.protocol.ts';
import type { FrontRequest } from './front-request.ts';
import type { Mount } from './pipeline-parts.ts';
import { securityHeaders } from './security-headers.ts';

const nothingUnsure: readonly UnsureValue[] = [];

/** The facts of a request as the guard sees them. */
export interface InspectedContext extends RequestContext {
  /** See `callerKeyId`. */
  readonly keyId: () => string | null;
}

/**
 * One request and what each stage found out about it. The facts of the request stand in `context` and never
 * change; a stage writes only its own fields. A class, so that every exchange has the same hidden shape.
 */
export class Exchange {
  readonly request: FrontRequest;
  readonly response: ServerResponse;
  /** `performance.now()` at the first stage and after each one, for Server-Timing and the histogram. */
  readonly marks: number[];
  /** How many of the marks are set. */
  marked = 1;

  /** Neighbours in the list of requests in flight. */
  earlier: Exchange | undefined = undefined;
  later: Exchange | undefined = undefined;

  // 1 receive
  context: InspectedContext = undefined as unknown as InspectedContext;
  /** Receive found the request wrong; it is still inspected before it is refused. */
  refusal: MagFlockError | undefined = undefined;
  /** What stands before the path in links: `/p/<ref>` or nothing. */
  base = '';
  /** The body is not read to its end: the connection cannot serve another request. */
  close = false;
  /** The body where it is no text and its mount takes that. */
  bytes: Uint8Array | undefined = undefined;
  /** Set while the body is being read; ends the reading with an error. */
  interruptBody: ((error: MagFlockError) => void) | undefined = undefined;
  /** Who serves the path; nobody for unknown paths. */
  gateway: GatewayReplica | undefined = undefined;
  /** The prefix it is served under. */
  mount: Mount | undefined = undefined;
  mountedPath = '';
  /** Label of the metrics: bounded, never a path with ids. */
  route = 'other';
  // 2 inspect
  /** What the signatures left for the models. */
  unsure: readonly UnsureValue[] = nothingUnsure;
  /** Id of the caller's key as `callerKeyId` found it. */
  callerKeyId: string | null | undefined = undefined;
  // 3 authenticate
  handle: IdentityHandle | undefined = undefined;
  identity: Identity | undefined = undefined;
  // 5 plan
  gatewayRequest: GatewayRequest | undefined = undefined;
  plan: Plan | undefined = undefined;
  // 7 execute
  result: PlanResult | undefined = undefined;
  // any stage may answer
  answer: GatewayAnswer | undefined = undefined;
  /** Raw list of the headers that protect the answer; those of a page differ. */
  security: readonly string[] = securityHeaders;
  /** The error that was answered, for the log. */
  error: MagFlockError | undefined = undefined;
  /** Answered over its deadline: what the waiting stage finds out later is dropped. */
  abandoned = false;
  /** 0 until answered. */
  status = 0;

  constructor(request: FrontRequest, response: ServerResponse) {
    this.request = request;
    this.response = response;
    this.marks = [performance.now(), 0, 0, 0, 0, 0, 0, 0, 0, 0];
  }
}
