import { Value } from 'typebox/value';
import { didYouMean } from '../errors/did-you-mean.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ProjectSettingDefinition } from './setting-definition.ts';

type Definitions = Readonly<Record<string, ProjectSettingDefinition>>;

export interface CheckedChanges {
  readonly set: Readonly<Record<string, unknown>>;
  /** Those that go back to their default. */
  readonly unset: readonly string[];
}

const longestShown = 100;

/**
 * Checks changes of a project's settings. Null sets the default again, and so does the default itself, except that null
 * is kept where it is a value of its own and not the default.
 * @throws MF520 naming the setting, what was given, what is allowed and how to write it
 */
export function checkSettingChanges(
  definitions: Definitions,
  changes: Readonly<Record<string, unknown>>,
): CheckedChanges {
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  for (const [name, value] of Object.entries(changes)) {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition === undefined) throw unknown(name, definitions);
    if (value === null && !Value.Check(definition.schema, null)) unset.push(name);
    else {
      check(name, definition, value);
      if (Value.Equal(value, definition.default)) unset.push(name);
      else set[name] = value;
    }
  }
  return { set, unset };
}

function check(name: string, definition: ProjectSettingDefinition, value: unknown): void {
  const fits = Value.Check(definition.schema, value);
  const reason = fits ? definition.refuse?.(value as never) : undefined;
  if (fits && reason === undefined) return;
  const given = definition.secret ? 'what was given' : shown(value);
  throw new MagFlockError('MF520', `${name}: ${reason ?? `${given} is not possible`}.`, {
    details: { setting: name, allowed: definition.allowed },
    fix: `It has to be ${definition.allowed}: magflock project settings set '${name}=${definition.example}'`,
  });
}

function unknown(name: string, definitions: Definitions): MagFlockError {
  // PostgREST's own spelling, db-schemas, is what its users will try.
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const near = didYouMean(camel, Object.keys(definitions));
  return new MagFlockError('MF520', `There is no setting ${shown(name)}.`, {
    details: { setting: name.slice(0, longestShown) },
    fix: near === undefined ? 'magflock project settings shows them all.' : `Did you mean ${near}?`,
  });
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
