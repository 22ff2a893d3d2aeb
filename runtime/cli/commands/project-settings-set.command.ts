import { text as readStream } from 'node:stream/consumers';
import { MagFlockError } from '../../errors/magflock-error.ts';
import { checkSettingChanges } from '../../project-settings/check-setting-changes.ts';
import { projectSettingDefinitions } from '../../project-settings/project-setting-definitions.ts';
import { askHidden } from '../ask-hidden.ts';
import type { Command } from '../command.ts';
import type { Output } from '../output.ts';
import { readSettingValue } from '../read-setting-value.ts';

type Answer = Readonly<Record<string, unknown>> & { readonly warnings?: readonly string[] };

export const projectSettingsSetCommand = {
  name: 'project settings set',
  group: 'access',
  summary: 'change settings of a project; the next request has them',
  description:
    'A value is plain text, a list a,b or JSON. All changes are made or none. jwtSecret=- takes the secret from\n' +
    'standard input, or from a prompt that does not show it, so that no shell remembers it: a text of at least\n' +
    '32 bytes (HS256), a JWK or a JWKS.',
  arguments: [
    { name: 'name=value', summary: 'setting and value, as often as you like', required: true, many: true },
  ],
  examples: [
    { command: 'magflock project settings set dbSchemas=public,shop dbMaxRows=1000', does: 'two at once' },
    {
      command: 'magflock project settings set jwtSecret=- < secret.txt',
      does: 'verify tokens with this secret',
    },
    { command: 'magflock project settings set dbAnonRole=null', does: 'refuse requests without a token' },
    {
      command: `magflock project settings set 'limits={"anon":{"cost":100000,"depth":3}}' --project shop`,
      does: 'what one request of strangers may cost',
    },
  ],
  async run({ words, daemon, output, project, signal }) {
    const changes: Record<string, unknown> = {};
    for (const word of words) {
      const [name, text] = assignment(word);
      const definition = Object.hasOwn(projectSettingDefinitions, name)
        ? projectSettingDefinitions[name]
        : undefined;
      // An unknown name is refused below, with the one that was probably meant.
      if (definition === undefined) changes[name] = '';
      else if (definition.secret) changes[name] = await secretOf(name, text, output, signal);
      else changes[name] = readSettingValue(name, text, definition);
    }
    checkSettingChanges(projectSettingDefinitions, changes);
    const path = `/projects/${encodeURIComponent(project)}/settings`;
    const answer = await (await daemon()).ask<Answer>('POST', path, { changes });
    const { warnings = [], ...settings } = answer;
    for (const warning of warnings) output.warn(warning);
    if (output.json) output.document(settings);
    else output.talk(`project ${project}: ${Object.keys(changes).join(', ')} set`);
    return undefined;
  },
} satisfies Command;

function assignment(word: string): readonly [name: string, text: string] {
  const at = word.indexOf('=');
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  throw new MagFlockError('MF802', `"${word}" is not name=value`, {
    fix: 'magflock project settings set dbMaxRows=1000',
  });
}

async function secretOf(name: string, text: string, output: Output, signal: AbortSignal): Promise<string> {
  if (text !== '-') {
    output.warn(`the secret is in the history of the shell now; ${name}=- reads it from a prompt`);
    return text;
  }
  if (process.stdin.isTTY) return askHidden(`Value of ${name} (not shown): `, signal);
  return (await readStream(process.stdin)).replace(/\r?\n$/, '');
}
