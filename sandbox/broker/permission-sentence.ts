import type { ExtensionManifest, Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { PermissionQuestion } from '../../runtime/protocol/extensions.protocol.ts';
import { resolveLimits } from '../quota/resolve-limits.ts';
import { parseTableScope } from './parse-table-scope.ts';
import { terminalSafe } from './terminal-safe.ts';

type Risk = PermissionQuestion['risk'];
type Clause = readonly [text: string, risk: Risk];
type Facts = Pick<ExtensionManifest, 'name' | 'routes' | 'limits'>;

const mostShown = 20;

/**
 * What a permission means, for the operator who decides. Scopes and the reason come from the package and are
 * hostile: they are made harmless for terminals, and quoted where they could be read as part of the sentence.
 * @param manifest of the extension: its routes without a key and its disk are part of the answer
 */
export function permissionQuestion(permission: Permission, manifest: Facts): PermissionQuestion {
  const { capability, scope, reason, optional } = permission;
  const clauses = clausesOf(permission, manifest);
  const shown = clauses.slice(0, mostShown).map(([text]) => text);
  if (clauses.length > mostShown) shown.push(`and ${clauses.length - mostShown} more, see the manifest`);
  const [first = '', ...rest] = shown;
  return {
    capability,
    scope,
    sentence: [first, ...rest.map((text) => text.charAt(0).toLowerCase() + text.slice(1))].join('; '),
    reason: terminalSafe(reason, 200),
    optional: optional === true,
    risk: clauses.some(([, risk]) => risk === 'high')
      ? 'high'
      : clauses.some(([, risk]) => risk === 'medium')
        ? 'medium'
        : 'low',
  };
}

function clausesOf({ capability, scope }: Permission, manifest: Facts): readonly Clause[] {
  const each = (clause: (one: string) => Clause): readonly Clause[] => scope.map(clause);
  const names = list(scope);
  const all = scope.includes('*');
  switch (capability) {
    case 'db.read':
      return each((one) => tableClause('Read', one));
    case 'db.write':
      return each((one) => tableClause('Write', one));
    case 'db.schema':
      return [
        [
          `Keep tables of its own, and use them, in schema ext_${named(manifest).replaceAll('-', '_')}`,
          'low',
        ],
      ];
    case 'cache':
      return [['Keep values in the memory of the machine, up to 4 MB a project', 'low']];
    case 'events.emit':
      return [
        [
          all
            ? 'Send messages of any name to other extensions'
            : `Send messages named ${names} to other extensions`,
          'low',
        ],
      ];
    case 'events.on':
      return all
        ? [
            [
              'Be woken by every event an extension can be woken by, messages of other extensions too',
              'medium',
            ],
          ]
        : [
            [
              `Be woken by the events ${names}`,
              scope.some((one) => one.startsWith('extension.')) ? 'medium' : 'low',
            ],
          ];
    case 'http.route':
      return routeClauses(manifest);
    case 'http.mount':
      return each((one) => [
        one === '*'
          ? 'Answer requests at any path'
          : `Answer requests at ${quoted(one)} and everything below`,
        'high',
      ]);
    case 'net.fetch':
      return each(hostClause);
    case 'files':
      return [[`Keep files of its own, up to ${resolveLimits(manifest.limits).diskMegabytes} MB`, 'low']];
    case 'secrets.read':
      return [
        all
          ? ['Read every secret, now and in future', 'high']
          : [`Read the value of secret ${names}`, 'medium'],
      ];
    case 'catalog.read':
      return [[all ? 'See names and columns of every table' : `See the columns of table ${names}`, 'low']];
    case 'catalog.watch':
      return [['Be told when the tables of a project change', 'low']];
    case 'query.plan':
      return [
        [
          all
            ? 'Plan the queries that requests run on every table'
            : `Plan the queries that requests run on table ${names}`,
          'high',
        ],
      ];
  }
}

function tableClause(verb: 'Read' | 'Write', scope: string): Clause {
  if (scope === '*') return [`${verb} rows of every table, now and in future`, 'high'];
  const parsed = parseTableScope(scope);
  if (parsed === undefined) return [`${verb} nothing, since ${quoted(scope)} is no table`, 'low'];
  if (parsed.columns === undefined) return [`${verb} rows of table ${quoted(parsed.table)}`, 'medium'];
  const word = parsed.columns.length === 1 ? 'column' : 'columns';
  return [
    `${verb} ${word} ${list(parsed.columns)} of table ${quoted(parsed.table)}`,
    verb === 'Read' ? 'low' : 'medium',
  ];
}

function hostClause(scope: string): Clause {
  if (scope === '*') return ['Send requests to any host of the internet', 'high'];
  if (scope.startsWith('*.')) {
    return [`Send requests to every host below ${quoted(scope.slice(2))} over the internet`, 'medium'];
  }
  return [`Send requests to ${quoted(scope)} over the internet`, 'medium'];
}

function routeClauses(manifest: Facts): readonly Clause[] {
  const prefix = `/ext/${named(manifest)}`;
  const open = (manifest.routes ?? []).filter((route) => route.public === true);
  return [
    ...open.map(
      ({ method, path }): Clause => [
        `Answer requests without a key at ${quoted(`${method} ${prefix}${path}`)}`,
        'medium',
      ],
    ),
    [`Answer requests below ${prefix}`, 'low'],
  ];
}

function named({ name }: Facts): string {
  return terminalSafe(name, 50);
}

/** `a`, `a and b`, `a, b and c`. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map(quoted);
  if (names.length > mostShown) shown.push(`${names.length - mostShown} more`);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** A name that could be read as words of the sentence stands in quotes. */
function quoted(name: string): string {
  const safe = terminalSafe(name);
  return /^((GET|POST|PUT|PATCH|DELETE) )?[^\s"',;()]+$/.test(safe) ? safe : `"${safe.replaceAll('"', "'")}"`;
}
