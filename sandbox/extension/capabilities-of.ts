import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Identity } from '../../runtime/protocol/identity.protocol.ts';
import { cacheCapability } from '../broker/capabilities/cache.capability.ts';
import { catalogReadCapability } from '../broker/capabilities/catalog-read.capability.ts';
import { createDbReadCapability } from '../broker/capabilities/db-read.capability.ts';
import { createDbSchemaCapability } from '../broker/capabilities/db-schema.capability.ts';
import { createDbWriteCapability, type DbWriteOptions } from '../broker/capabilities/db-write.capability.ts';
import { eventsEmitCapability } from '../broker/capabilities/events-emit.capability.ts';
import type { FileLedger } from '../broker/capabilities/files/file-ledger.ts';
import { filesCapability } from '../broker/capabilities/files.capability.ts';
import { netFetchCapability } from '../broker/capabilities/net-fetch.capability.ts';
import { createSecretsReadCapability } from '../broker/capabilities/secrets-read.capability.ts';
import type { Capability } from '../broker/capability.ts';
import { ExtensionDatabases } from '../broker/database/extension-databases.ts';
import type { PoolBudget } from '../broker/database/pool-budget.ts';
import { StatementVerdicts } from '../broker/database/statement-verdicts.ts';
import type { SqlCheck } from '../broker/sql-check/sql-check.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import { loginRequest } from '../lifecycle/login-request.ts';

const loginTimeoutMs = 15_000;
const catalogTimeoutMs = 15_000;
const secretTimeoutMs = 5_000;

export interface CapabilitySurroundings {
  readonly context: ActorContext;
  /** Absolute; each extension has a folder below it. */
  readonly filesFolder: string;
  /** The one of all extensions. */
  readonly fileLedger: FileLedger;
  readonly check: SqlCheck;
  /** Of all extensions. */
  readonly pools: PoolBudget;
  /** The extension as it is now: its grants decide what its login may do. */
  readonly installed: () => InstalledExtension;
  readonly now: () => number;
}

/** The capabilities of one extension, made for it alone: its broker releases them. */
export function capabilitiesOf(surroundings: CapabilitySurroundings): readonly Capability[] {
  const { context, filesFolder, fileLedger, check, pools, installed, now } = surroundings;
  const storage = context.part('storage');
  const databases = new ExtensionDatabases({
    budget: pools,
    async login(_extension, project) {
      const request = loginRequest(installed(), project, now());
      if (request === undefined) {
        throw new MagFlockError('MF610', `The extension ${installed().id} has no database in ${project}.`);
      }
      return storage.ask('extensionLogin', request, { timeoutMs: loginTimeoutMs });
    },
  });
  const sentinel = context.part('sentinel');
  const verdicts = new StatementVerdicts({
    judge: (facts, timeoutMs) => sentinel.ask('judgeStatement', facts, { timeoutMs }),
    // Simulated is nothing refused.
    whenUnjudged: () =>
      context.settings['sentinel.mode'] === 'simulate' ? 'open' : context.settings['sentinel.whenUnjudged'],
    unjudged: (error, times) =>
      context.log.warn({ err: error, extension: installed().id, times }, 'statements were not judged'),
    now,
  });
  const writing: DbWriteOptions = {
    databases,
    check,
    verdicts,
    outboxRow: ({ extension, project, requestId, operation, table, body }) =>
      context.replica('audit').outboxRow({
        identity: identityOf(extension, project),
        actor: `extension:${extension}`,
        requestId: requestId ?? '',
        address: '',
        operation,
        table,
        target: '',
        body,
      }),
    written: (project) => context.part('audit').tell('wake', { project }),
  };
  return [
    createDbReadCapability({ databases, check, verdicts }),
    createDbWriteCapability(writing),
    createDbSchemaCapability(writing),
    cacheCapability(),
    eventsEmitCapability({ events: context.events }),
    netFetchCapability({ allowPrivate: context.settings['extensions.allowPrivate'] }),
    filesCapability({ folder: filesFolder, ledger: fileLedger }),
    createSecretsReadCapability({
      read: (request) => context.part('psu').ask('readSecret', request, { timeoutMs: secretTimeoutMs }),
    }),
    catalogReadCapability({
      read: (project) => storage.ask('catalog', { project }, { timeoutMs: catalogTimeoutMs }),
    }),
  ];
}

/** Who wrote, for the audit row: the extension stands where else a key does. */
function identityOf(extension: string, project: string): Identity {
  return {
    project,
    role: 'service_role',
    claims: '{}',
    isAnonymous: false,
    keyId: `extension:${extension}`,
    scopes: {},
  };
}
