import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { JsonText } from '../../../runtime/protocol/json-text.ts';
import { bodyTypeRefusal } from '../body-type.ts';
import { callerKeyId } from '../caller-key-id.ts';
import { targetRefusal } from '../check-target.ts';
import { decodeUtf8 } from '../decode-utf8.ts';
import type { Exchange } from '../exchange.ts';
import { locateMount } from '../locate-mount.ts';
import { parseJson } from '../parse-json.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import { type RequestAddress, readAddress } from '../read-address.ts';
import { bodyTooLarge, readBody } from '../read-body.ts';
import type { HeaderRecord } from '../read-headers.ts';
import { type RequestIds, requestIds } from '../request-ids.ts';

const hostPattern = /^(?:[\w.~-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
/** The last Host that fitted the pattern; a server is mostly called by one name. */
let lastHost = '';

/** What the head of a request says. */
interface Head {
  readonly ids: RequestIds;
  readonly headers: HeaderRecord;
  readonly address: RequestAddress;
  readonly client: string;
  readonly startedAt: number;
}

interface Body {
  readonly text: string | undefined;
  readonly json: JsonText | undefined;
}

const noBody: Body = { text: undefined, json: undefined };

/**
 * Stage 1: socket → request context. Never refuses by itself: what is wrong is left in `refusal`, so that the
 * guard sees malformed requests too. Waits only when there is a body.
 */
export function receive(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const { request } = exchange;
  const startedAt = Date.now();
  const headers = request.readHeaders();
  const all = headers.all;
  const head: Head = {
    ids: requestIds(all['x-request-id'], all['traceparent'], startedAt),
    headers: all,
    address: readAddress(request.url ?? '/', request.host, parts.domain),
    client: parts.clientAddress(request.socket.remoteAddress, all['x-forwarded-for']),
    startedAt,
  };
  if (head.address.known) locateMount(parts.mounts, exchange, head.address.path);
  exchange.base = head.address.base;
  exchange.refusal = headRefusal(parts, exchange, head, headers.hosts);

  if (all['content-length'] === undefined && all['transfer-encoding'] === undefined) {
    exchange.context = contextOf(parts, exchange, head, noBody);
    return undefined;
  }
  return receiveBody(parts, exchange, head).then((body) => {
    exchange.context = contextOf(parts, exchange, head, body);
  });
}

function contextOf(parts: PipelineParts, exchange: Exchange, head: Head, body: Body): Exchange['context'] {
  return {
    id: head.ids.id,
    trace: head.ids.trace,
    project: head.address.project,
    method: exchange.request.method ?? 'GET',
    path: head.address.path,
    query: head.address.query,
    headers: head.headers,
    body: body.text,
    json: body.json,
    address: head.client,
    deadline: head.startedAt + parts.limits.requestTimeoutMs,
    startedAt: head.startedAt,
    keyId: () => callerKeyId(parts, exchange),
  };
}

function headRefusal(
  parts: PipelineParts,
  exchange: Exchange,
  head: Head,
  hosts: number,
): MagFlockError | undefined {
  const { request } = exchange;
  const target = request.url ?? '/';
  if (target.length > parts.limits.uriBytes) {
    const limit = parts.limits.uriBytes;
    return new MagFlockError(
      'MF114',
      `The path and query are ${target.length} bytes; the limit is ${limit}.`,
      {
        details: { limit },
      },
    );
  }
  const { host } = request;
  // RFC 9112 §3.2: no Host, two of them, or one that is no host name are all 400.
  if (hosts > 1) return new MagFlockError('MF100', 'The request has more than one Host header.');
  if (host === undefined) {
    if (request.httpVersionMinor !== 0) return new MagFlockError('MF100', 'The request has no Host header.');
  } else if (host !== lastHost) {
    if (!hostPattern.test(host))
      return new MagFlockError('MF100', 'The request is addressed to no host name.');
    lastHost = host;
  }
  const expect = head.headers['expect'];
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    exchange.close = true;
    return new MagFlockError('MF117', `The expectation "${expect}" cannot be met.`);
  }
  return targetRefusal(head.address.path, head.address.query);
}

/** Reads, decodes and parses the body; the first thing wrong with the request stays its refusal. */
async function receiveBody(parts: PipelineParts, exchange: Exchange, head: Head): Promise<Body> {
  const { request, response } = exchange;
  const limit = parts.limits.bodyBytes;
  const length = Number(head.headers['content-length'] ?? 0);
  if (length > limit || exchange.close) {
    exchange.refusal ??= bodyTooLarge(limit);
    exchange.close = true;
    return noBody;
  }
  let bytes: Buffer;
  try {
    if (head.headers['expect'] !== undefined) response.writeContinue();
    bytes = await readBody(request, limit, parts.bodies, (fail) => {
      exchange.interruptBody = fail;
    });
  } catch (thrown) {
    exchange.refusal ??= MagFlockError.from(thrown);
    exchange.close = true;
    return noBody;
  } finally {
    exchange.interruptBody = undefined;
  }
  if (bytes.length === 0) return noBody;
  return decode(exchange, head.headers, bytes);
}

function decode(exchange: Exchange, headers: HeaderRecord, bytes: Buffer): Body {
  const text = decodeUtf8(bytes);
  const encoding = headers['content-encoding'];
  const compressed = encoding !== undefined && encoding.trim().toLowerCase() !== 'identity';
  const wrongType = bodyTypeRefusal(headers['content-type'], headers['content-encoding']);
  // Webhooks come as forms and plain text too; a mount that takes them says so.
  if (!compressed && exchange.mount?.anyText === true) {
    if (text !== undefined) return { text, json: jsonOrNothing(text) };
    exchange.bytes = bytes;
    return noBody;
  }
  if (wrongType !== undefined || text === undefined) {
    exchange.refusal ??= wrongType ?? new MagFlockError('MF103', 'The body is not valid UTF-8.');
    // The guard may look at a body that is no JSON; bytes that are no text it cannot read.
    return { text, json: undefined };
  }
  try {
    return { text, json: parseJson(text) };
  } catch (thrown) {
    exchange.refusal ??= MagFlockError.from(thrown);
    return { text, json: undefined };
  }
}

/** For the guard, which looks into documents value by value. */
function jsonOrNothing(text: string): JsonText | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
