import { createHmac } from 'node:crypto';

/** A token of these claims, signed with HS256 (RFC 7515). */
export function signToken(claims: unknown, secret: string): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}
