import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Capability } from '../capability.ts';
import { covers } from '../covers.ts';

export interface SecretsReadOptions {
  /** Asks the PSU. */
  readonly read: (request: {
    readonly project: string;
    readonly name: string;
  }) => Promise<{ readonly value: string }>;
}

/** `secrets.read`: `read(name)` gives the value of a secret of the project, if its name was granted. */
export function createSecretsReadCapability({ read }: SecretsReadOptions): Capability {
  return {
    name: 'secrets.read',
    methods: {
      async read({ args, scopes, project, extension }) {
        const [name] = args;
        if (typeof name !== 'string' || args.length !== 1 || !/^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
          throw new MagFlockError('MF671', 'That is not the name of a secret.');
        }
        // Before anybody is asked: whether an ungranted one exists is none of its business either.
        if (!covers('secrets.read', scopes, name)) {
          throw new MagFlockError('MF610', `The extension ${extension} may not read the secret ${name}.`, {
            fix: 'The operator has to grant it.',
            details: { extension, capability: 'secrets.read', target: name },
          });
        }
        return (await read({ project, name })).value;
      },
    },
  };
}
