import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';

/** Methods whose payload holds a secret in clear. */
const sensitive: { readonly [P in PartName]?: readonly (keyof PartProtocols[P] & string)[] } = {
  psu: ['setSecret', 'setTokenSettings'],
};

/**
 * Whether what such a message holds is forgotten with it, also when it reached nobody.
 * @param target path of the actor, without the first slash
 */
export function isSensitive(target: string, method: string): boolean {
  const methods: readonly string[] = Object.hasOwn(sensitive, target)
    ? (sensitive[target as PartName] ?? [])
    : [];
  return methods.includes(method);
}
