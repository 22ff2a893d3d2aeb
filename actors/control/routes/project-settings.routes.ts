import { Type } from 'typebox';
import { checkSettingChanges } from '../../../runtime/project-settings/check-setting-changes.ts';
import { projectSettingDefinitions } from '../../../runtime/project-settings/project-setting-definitions.ts';
import { tokenSettingDefinitions } from '../../../runtime/project-settings/token-setting-definitions.ts';
import { awaitSchema } from '../await-schema.ts';
import type { ControlState } from '../control-state.ts';
import { defineRoute } from '../define-route.ts';
import { missingSchemas } from '../missing-schemas.ts';
import { projectParameter } from './project-parameter.ts';

type Changes = Readonly<Record<string, unknown>>;

interface Asked {
  readonly changes?: Changes;
  /** These get their default again. */
  readonly unset?: readonly string[];
}

/** Settings of a project. The secret among them is never in an answer, and no value is in the audit trail. */
export const projectSettingsRoutes = [
  defineRoute({
    method: 'get',
    path: '/projects/:ref/settings',
    answer: (state, { params }) => settingsOf(state, projectParameter(params['ref'])),
  }),
  defineRoute({
    method: 'post',
    path: '/projects/:ref/settings',
    body: Type.Object(
      {
        changes: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 100 })),
        unset: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
      },
      { additionalProperties: false },
    ),
    act: ({ params, body }) => ({
      action: 'project.settings',
      project: projectParameter(params['ref']),
      // Checked before the trail hears of them: what is no name might be a secret in the wrong place.
      target: Object.keys(wanted(body)).sort().join(', '),
    }),
    async answer(state, { params, body }) {
      const project = projectParameter(params['ref']);
      const [tokens, api] = apart(wanted(body));
      // Those that can still be refused first: nothing is changed then.
      if (Object.keys(tokens).length > 0)
        await state.context.part('psu').ask('setTokenSettings', { project, changes: tokens });
      if (Object.keys(api).length > 0) {
        await state.context.part('storage').ask('setDataApiSettings', { project, changes: api });
        await awaitSchema(state, project);
      }
      const warnings = await warningsOf(state, project, api);
      const settings = await settingsOf(state, project);
      return warnings.length === 0 ? settings : { ...settings, warnings };
    },
  }),
];

async function settingsOf({ context }: ControlState, project: string): Promise<object> {
  const [api, tokens] = await Promise.all([
    context.part('storage').ask('dataApiSettings', { project }),
    context.part('psu').ask('tokenSettings', { project }),
  ]);
  return { ...api, ...tokens };
}

/** What is stored and will hardly do what was meant. */
async function warningsOf(
  state: ControlState,
  project: string,
  changes: Changes,
): Promise<readonly string[]> {
  const { dbSchemas } = changes;
  if (!Array.isArray(dbSchemas)) return [];
  const missing = await missingSchemas(state, project, dbSchemas);
  return missing.map(
    (name) => `there is no schema "${name}" in project ${project}; it is served once it is made`,
  );
}

/** @throws MF520 naming the setting */
function wanted({ changes = {}, unset = [] }: Asked): Changes {
  const back = unset.map((name) => [name, null]);
  checkSettingChanges(projectSettingDefinitions, { ...changes, ...Object.fromEntries(back) });
  // Null is a value of its own for some; the default itself is meant here.
  return {
    ...changes,
    ...Object.fromEntries(unset.map((name) => [name, projectSettingDefinitions[name]?.default])),
  };
}

function apart(changes: Changes): readonly [tokens: Changes, api: Changes] {
  const ofTokens = (name: string) => Object.hasOwn(tokenSettingDefinitions, name);
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(changes).filter(([name]) => ofTokens(name) === wanted));
  return [pick(true), pick(false)];
}
