import { DatabaseFailure } from '../../../runtime/errors/database-failure.ts';
import type {
  GatewayAnswer,
  GatewayReplica,
  GatewayRequest,
} from '../../../runtime/protocol/gateway.protocol.ts';
import type { Identity, IdentityHandle } from '../../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import type { OutboxRow } from '../../../runtime/protocol/storage.protocol.ts';
import { auditedOperations } from '../audited-operations.ts';
import type { Exchange } from '../exchange.ts';
import { onceRequest } from '../idempotency/once-request.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { tableLabel } from '../table-label.ts';

/**
 * Stage 7: plan + identity handle → the JSON that PostgreSQL made. A write carries its audit row into its own
 * transaction.
 * @throws MF100 for a malformed Idempotency-Key, MF431 to MF433, MF5xx, or what the gateway makes of a statement that PostgreSQL refused
 */
export async function execute(parts: PipelineParts, exchange: Exchange): Promise<void> {
  const plan = exchange.plan as Plan;
  const gateway = exchange.gateway as GatewayReplica;
  const request = exchange.gatewayRequest as GatewayRequest;
  const handle = exchange.handle as IdentityHandle;
  const outbox = plan.access === 'write' ? outboxRow(parts, exchange, plan) : undefined;
  const once = plan.access === 'write' ? onceRequest(exchange) : undefined;
  try {
    const options = { deadline: request.deadline, once };
    exchange.result = await parts.storage.execute(plan, handle, outbox, options);
  } catch (thrown) {
    if (!(thrown instanceof DatabaseFailure)) throw thrown;
    const explained = gateway.explain(request, plan, thrown.facts);
    if (explained instanceof Error) throw explained;
    exchange.answer = explained;
    return;
  }
  const answer = gateway.answer(request, plan, exchange.result);
  exchange.answer = exchange.result.replayed === true ? replayed(answer) : answer;
}

function replayed(answer: GatewayAnswer): GatewayAnswer {
  return { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } };
}

function outboxRow(parts: PipelineParts, exchange: Exchange, plan: Plan): OutboxRow {
  const { context } = exchange;
  return parts.audit.outboxRow({
    identity: exchange.identity as Identity,
    requestId: context.id,
    address: context.address,
    operation: plan.steps === undefined ? plan.operation : 'batch',
    table: tableLabel(plan.table),
    target: targetOf(exchange.mountedPath, plan),
    body: exchange.gatewayRequest?.body ?? context.body,
    operations: auditedOperations(plan),
  });
}

/** The id of `/{table}/{id}` as it stands in the path; the table where that names only one, or a function. */
function targetOf(mountedPath: string, { table }: Plan): string {
  const slash = mountedPath.indexOf('/', 1);
  const last = slash === -1 ? '' : mountedPath.slice(slash + 1);
  return last === '' || mountedPath === `/rpc/${table.name}` ? tableLabel(table) : last;
}
