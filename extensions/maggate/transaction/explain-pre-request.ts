import {
  type DatabaseErrorFacts,
  ExtensionError,
  type GatewayAnswer,
  type GatewayRequest,
} from '../../sdk/index.ts';

/**
 * What the function that runs before every request ended it with, as problem details (RFC 9457): MF436 with the status
 * that `RAISE` chose, as on /rest/v1. Statuses that are no errors are 403: nothing was done.
 * @returns undefined when it was not this function; MF500 when it failed rather than refused
 */
export function explainPreRequest(
  request: Pick<GatewayRequest, 'id'>,
  facts: DatabaseErrorFacts,
): GatewayAnswer | ExtensionError | undefined {
  if (facts.before !== true) return undefined;
  const { sqlstate, hint } = facts;
  const said = refusal(facts);
  if (said === undefined) {
    return new ExtensionError(
      'MF500',
      `The function before every request failed with SQLSTATE ${sqlstate}.`,
      {
        fix: 'The setting dbPreRequest names it: magflock project settings',
        details: { sqlstate },
      },
    );
  }
  const { status, message } = said;
  const problem = {
    type: '/errors/MF436',
    title: 'Refused by the project',
    status,
    detail: message,
    code: 'MF436',
    fix: hint ?? 'The project decides this, in its function dbPreRequest.',
    requestId: request.id,
  };
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(problem),
    failed: 'MF436',
  };
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What was raised on purpose; anything else is a defect of the function. */
function refusal({ sqlstate, message, detail }: DatabaseErrorFacts): Refusal | undefined {
  if (sqlstate === 'P0001') return { status: 400, message };
  if (sqlstate === '42501') return { status: 403, message };
  if (/^PT[0-9]{3}$/.test(sqlstate)) return { status: errorStatus(Number(sqlstate.slice(2))), message };
  if (sqlstate !== 'PGRST') return undefined;
  // MESSAGE and DETAIL are JSON then.
  const own = member(message, 'message');
  return {
    status: errorStatus(member(detail, 'status')),
    message: typeof own === 'string' ? own : 'The project refuses this request.',
  };
}

function errorStatus(status: unknown): number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599
    ? status
    : 403;
}

function member(text: string | undefined, name: string): unknown {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}
