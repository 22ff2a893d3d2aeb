import { createHmac } from 'node:crypto';

/** `sign` and `verify` of a gateway's context, as the slot gives them, with a key of the tests. */
export const signing = {
  sign: (text: string): string =>
    createHmac('sha256', 'test').update(text).digest().subarray(0, 16).toString('base64url'),
  verify: (text: string, signature: string): boolean => signing.sign(text) === signature,
};
