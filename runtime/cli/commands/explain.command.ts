import { didYouMean } from '../../errors/did-you-mean.ts';
import { errorCatalog } from '../../errors/error-catalog.ts';
import type { ErrorDefinition } from '../../errors/error-definition.ts';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';

export const explainCommand = {
  name: 'explain',
  group: 'tools',
  summary: 'what an error code means and how to solve it',
  arguments: [{ name: 'code', summary: 'for example MF402; without it all are listed', required: false }],
  examples: [{ command: 'magflock explain MF402', does: 'the unknown column' }],
  async run({ args, output }) {
    const catalog: Readonly<Record<string, ErrorDefinition>> = errorCatalog;
    const given = args['code'];
    if (given === undefined) {
      const rows = Object.entries(catalog).sort(([a], [b]) => a.localeCompare(b));
      if (output.json) output.document(catalog);
      else
        output.table(
          ['CODE', 'TITLE', 'HELP'],
          rows.map(([code, { title, help }]) => [code, title, help]),
        );
      return undefined;
    }
    const code = given.toUpperCase().replace(/^(?=\d)/, 'MF');
    const definition = catalog[code];
    if (definition === undefined) {
      const nearest = didYouMean(code, Object.keys(catalog));
      throw new MagFlockError('MF802', `no error has the code "${given}"`, {
        fix: /^PGRST/i.test(given)
          ? 'codes of /rest/v1 are those of PostgREST: https://docs.postgrest.org/en/stable/references/errors.html'
          : nearest === undefined
            ? 'magflock explain lists all'
            : `did you mean ${nearest}?`,
      });
    }
    if (output.json) {
      output.document({ code, ...definition });
      return undefined;
    }
    output.data(`${output.style('bold', `${code}  ${definition.title}`)}`);
    output.data(definition.help);
    output.data('');
    output.data(`HTTP status  ${definition.status}`);
    output.data(
      `Whose fault  ${definition.blame === 'user' ? 'the caller can mend it' : 'MagFlock or what it stands on'}`,
    );
    output.data(
      `Retry        ${definition.retryable ? 'yes, the same call may succeed' : 'no, not without a change'}`,
    );
    return undefined;
  },
} satisfies Command;
