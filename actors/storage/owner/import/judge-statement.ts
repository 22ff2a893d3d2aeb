/** What to do with a statement of an imported file. */
export type Judgement =
  | { readonly action: 'run' }
  | { readonly action: 'skip'; readonly why: string }
  | { readonly action: 'refuse'; readonly why: string; readonly fix?: string }
  /** Run; these SQLSTATEs are noted and passed over. */
  | { readonly action: 'tolerate'; readonly sqlstates: readonly string[] };

interface Rule {
  readonly pattern: RegExp;
  readonly judgement: Judgement;
}

const undefinedObject = '42704';
const notAllowed = '42501';

/** In order; the first that fits counts, and what fits none is run. */
const rules: readonly Rule[] = [
  {
    pattern: /^(?:begin|start\s+transaction|commit|end)\b(?!\s+prepared)/,
    judgement: { action: 'skip', why: 'the import is one transaction already' },
  },
  {
    pattern:
      /^(?:rollback(?!\s+(?:work\s+|transaction\s+)?to\b)|abort|prepare\s+transaction|commit\s+prepared)\b/,
    judgement: {
      action: 'refuse',
      why: 'the import is one transaction, all or nothing, and this would end it',
      fix: 'Take the statement out of the file.',
    },
  },
  {
    pattern: /^(?:create|drop|alter)\s+database\b/,
    judgement: {
      action: 'refuse',
      why: 'a project is one database, which is there already',
      fix: 'Make the dump without --create, or take the statement out of the file.',
    },
  },
  {
    pattern: /^set\s+(?:session\s+)?client_encoding\s*(?:=|to)\s*'?utf-?8'?\s*$/,
    judgement: { action: 'run' },
  },
  {
    pattern: /^(?:set\s+(?:session\s+)?client_encoding|set\s+names)\b/,
    judgement: {
      action: 'refuse',
      why: 'only UTF-8 is imported',
      fix: 'Make the dump with --encoding=UTF8, or convert the file with iconv.',
    },
  },
  {
    pattern:
      /^(?:set\s+(?:local\s+|session\s+)?(?:role|session\s+authorization)|reset\s+(?:role|session\s+authorization))\b/,
    judgement: { action: 'skip', why: "everything is imported as the project's owner" },
  },
  {
    pattern: /^alter\s[\s\S]*\sowner\s+to\s+(?:"[^"]+"|\S+)\s*$/,
    judgement: { action: 'skip', why: "everything belongs to the project's owner" },
  },
  {
    pattern: /^alter\s+default\s+privileges\b/,
    judgement: { action: 'tolerate', sqlstates: [undefinedObject, notAllowed] },
  },
  {
    pattern: /^(?:grant|revoke)\b/,
    judgement: { action: 'tolerate', sqlstates: [undefinedObject, notAllowed] },
  },
  {
    pattern: /^(?:create\s+role|create\s+user|alter\s+role|alter\s+user)\b/,
    judgement: { action: 'tolerate', sqlstates: [notAllowed, '42710'] },
  },
  {
    pattern: /^create\s+schema\s+(?:if\s+not\s+exists\s+)?"?(?:public|extensions)"?\s*$/,
    judgement: { action: 'skip', why: 'every project has it' },
  },
  {
    pattern: /^comment\s+on\s+(?:extension|schema|database)\b/,
    judgement: { action: 'tolerate', sqlstates: [notAllowed] },
  },
  {
    pattern: /^create\s+extension\b[\s\S]*\bplpgsql\b/,
    judgement: { action: 'skip', why: 'every project has it' },
  },
  {
    pattern:
      /^create\s+extension\b[\s\S]*\b(?:pg_graphql|pg_net|pg_stat_statements|pgsodium|supabase_vault)\b/,
    judgement: { action: 'skip', why: "it serves Supabase's own platform, not the data" },
  },
  // A dump of a newer server sets what an older one does not know (transaction_timeout).
  { pattern: /^set\b/, judgement: { action: 'tolerate', sqlstates: [undefinedObject] } },
];

const runIt: Judgement = { action: 'run' };

/** Decides about a statement by its first words; comments before and between them do not count. */
export function judgeStatement(text: string): Judgement {
  const head = withoutComments(text.slice(0, 4000)).trim();
  if (
    !/^(?:begin|start|commit|end|rollback|abort|prepare|create|drop|alter|set|reset|grant|revoke|comment)\b/i.test(
      head,
    )
  ) {
    return runIt;
  }
  const lower = head.toLowerCase();
  return rules.find(({ pattern }) => pattern.test(lower))?.judgement ?? runIt;
}

const harmless = /^\\(?:restrict|unrestrict|echo|qecho|warn|timing|pset|x|encoding\s+utf-?8)\b/i;
const psqlSettings =
  /^\\(?:set|unset)\s+(?:on_error_stop|on_error_rollback|echo|echo_hidden|quiet|verbosity|autocommit)\b/i;

/** Decides about a command that is meant for psql. */
export function judgeMeta(text: string, inside: boolean): Judgement {
  if (!inside && (harmless.test(text) || psqlSettings.test(text))) {
    return { action: 'skip', why: 'a command for psql that changes nothing here' };
  }
  const name = text.split(/\s/)[0] ?? text;
  if (/^\\(?:c|connect)\b/i.test(text)) {
    return {
      action: 'refuse',
      why: `${name} would go to another database`,
      fix: 'Make the dump without --create, or take the line out of the file.',
    };
  }
  return {
    action: 'refuse',
    why: `${name} is a command for psql`,
    fix: 'Run the file with psql and the URL of magflock project info, or take the line out.',
  };
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\//g, ' ');
}
