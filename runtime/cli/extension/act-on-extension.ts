import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { CommandContext } from '../command-context.ts';
import { extensionPath } from './extension-path.ts';
import { safeText } from './safe-text.ts';
import { whileWaiting } from './while-waiting.ts';

/**
 * One act on one extension: sends it, waits, says what became of it.
 * @param said the line for people
 */
export async function actOnExtension(
  { args, daemon, output }: CommandContext,
  act: string,
  body: object,
  said: (info: ExtensionInfo) => string,
): Promise<undefined> {
  const name = args['name']!;
  const client = await daemon();
  const info = await whileWaiting(
    output,
    `${act} ${safeText(name)}`,
    client.ask<ExtensionInfo>('POST', extensionPath(name, `/${act}`), body),
  );
  if (output.json) output.document(info);
  else output.talk(said(info));
  return undefined;
}
