import type { GatewayRequest } from '../../sdk/index.ts';
import { readCookies } from './read-cookies.ts';
import type { TransactionSetting } from './transaction-setting.ts';

/**
 * `request.*`, for policies and functions of the project; who asks is set by the host. No key or token is in the
 * headers.
 * @param path as the project's code is to see it
 */
export function requestSettings(
  { method, headers: all }: Pick<GatewayRequest, 'method' | 'headers'>,
  path: string,
): readonly TransactionSetting[] {
  const { cookie, ...headers } = all;
  return [
    ['request.method', method],
    ['request.path', path],
    ['request.headers', JSON.stringify(headers)],
    ['request.cookies', cookie === undefined ? '{}' : JSON.stringify(readCookies(cookie))],
  ];
}
