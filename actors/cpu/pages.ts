import { type ErrorCode, errorCatalog } from '../../runtime/errors/error-catalog.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/** A page the CPU serves itself. */
export interface Page {
  readonly route: string;
  /** Probes are not inspected: they must stay cheap, and nothing of them is looked at. */
  readonly inspected: boolean;
  /** @param parameter what `:name` of the route stood for */
  answer(parts: PipelineParts, parameter: string): GatewayAnswer;
}

/** Is the process alive. Never asks the database, or a database outage would get the daemon killed. */
const live: Omit<Page, 'route'> = { inspected: false, answer: () => json({ status: 'ok' }) };

const ready: Page = {
  route: '/readyz',
  inspected: false,
  answer(parts) {
    if (parts.draining()) throw new MagFlockError('MF153', 'The daemon is shutting down.');
    if (!parts.storage.available) throw new MagFlockError('MF503', 'The database does not answer.');
    return json({ status: 'ok' });
  },
};

const welcome: Page = {
  route: '/',
  inspected: true,
  answer: (parts) =>
    json({
      name: 'MagFlock',
      endpoints: parts.mounts.map((mount) => mount.prefix),
      health: ['/livez', '/readyz'],
      docs: '/docs',
      errors: '/errors/{code}',
    }),
};

/** What `type` of a problem points to. */
const errorPage: Page = {
  route: '/errors/:code',
  inspected: true,
  answer(_parts, parameter) {
    if (!Object.hasOwn(errorCatalog, parameter)) {
      throw new MagFlockError('MF104', `There is no error with the code "${parameter.slice(0, 20)}".`);
    }
    const code = parameter as ErrorCode;
    const { title, status, blame, retryable, help } = errorCatalog[code];
    return json({ code, title, status, blame, retryable, help });
  },
};

export const pages: readonly Page[] = [
  { route: '/livez', ...live },
  { route: '/healthz', ...live },
  ready,
  welcome,
  errorPage,
];

/** The stage that answers with a page. */
export function answerPage(
  page: Page,
  parameter: string,
): (parts: PipelineParts, exchange: Exchange) => void {
  return (parts, exchange) => {
    exchange.route = page.route;
    const { method } = exchange.context;
    if (method !== 'GET' && method !== 'HEAD') {
      throw new MagFlockError('MF105', `The method ${method} is not served here.`, {
        details: { allow: 'GET, HEAD' },
      });
    }
    if (exchange.refusal !== undefined) throw exchange.refusal;
    exchange.answer = page.answer(parts, parameter);
  };
}

function json(value: object): GatewayAnswer {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}
