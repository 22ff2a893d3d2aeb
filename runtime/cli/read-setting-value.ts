import { MagFlockError } from '../errors/magflock-error.ts';
import type { ProjectSettingDefinition } from '../project-settings/setting-definition.ts';

/**
 * The value of a project's setting as a command line writes it: plain text, `a,b` for lists, JSON for the rest. `null`
 * is null and not a text, for all but secrets.
 * @throws MF520 when JSON is needed and it is none
 */
export function readSettingValue(name: string, text: string, definition: ProjectSettingDefinition): unknown {
  if (definition.secret) return text;
  if (text === 'null') return null;
  if (definition.kind === 'text') return text.startsWith('"') ? parse(name, text, definition) : text;
  if (definition.kind === 'list' && !text.startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  return parse(name, text, definition);
}

function parse(name: string, text: string, { allowed, example }: ProjectSettingDefinition): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MagFlockError('MF520', `${name}: ${text.slice(0, 100)} is not possible.`, {
      details: { setting: name, allowed },
      fix: `It has to be ${allowed}: magflock project settings set '${name}=${example}'`,
    });
  }
}
