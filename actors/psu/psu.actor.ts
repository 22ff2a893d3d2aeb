import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { KeyMaterial } from '../../runtime/protocol/key-material.ts';
import type { PsuProtocol } from '../../runtime/protocol/psu.protocol.ts';
import { KeyKeeper } from './key-keeper.ts';
import { KeyStore } from './key-store.ts';
import { macKey } from './mac-key.ts';
import { SecretBox } from './secret-box.ts';
import { SecretKeeper } from './secret-keeper.ts';
import { SigningKey } from './signing-key.ts';
import type { StoredKey } from './stored-key.ts';
import { TokenSettingsKeeper } from './token-settings-keeper.ts';

interface PsuState {
  readonly keeper: KeyKeeper;
  readonly checkpoints: SigningKey;
  readonly secrets: SecretKeeper;
  readonly tokens: TokenSettingsKeeper;
  readonly cursors: string;
  readonly subscriptions: (() => void)[];
  readonly listen: () => void;
}

type PsuArgs = Pick<KeyMaterial, 'signatures' | 'tokens' | 'secrets' | 'authority'>;

/** The PSU (MagAuth), owner side: the keys of all projects and the private keys of the machine. */
export const actor = defineActor<PsuState, PsuProtocol, PsuArgs>({
  name: 'psu',
  version: '1.0.0',
  // Signing a checkpoint must not wait behind a key change that waits for the database; changes of keys are put
  // in order by the keeper.
  concurrency: 64,
  init: begin,
  handover: {
    version: 1,
    export: ({ keeper }) => keeper.ephemeral,
    // The others are read again: what the database says counts, whatever was announced in the pause.
    async adopt(context, ephemeral, _fromVersion, args) {
      const state = await begin(context, args);
      state.keeper.adopt(ephemeral as readonly StoredKey[]);
      return state;
    },
  },
  start: (state) => state.listen(),
  stop(state) {
    for (const end of state.subscriptions.splice(0)) end();
  },
  healthCheck: ({ keeper }) => ({
    status: 'ok',
    summary: `${keeper.size} keys`,
    facts: { keys: keeper.size },
  }),
  getCapabilities: ({ keeper }) => [
    `${keeper.size} API keys loaded`,
    'SHA-256 hashed, constant-time comparison',
    'Ed25519 checkpoint signatures',
    'AES-256-GCM sealed secrets',
  ],
  snapshot: ({ keeper, tokens, cursors }) => ({ ...keeper.snapshot(), tokens: tokens.snapshot(), cursors }),
  methods: {
    createKey: ({ keeper }, request) => keeper.create(request),
    listKeys: ({ keeper }, { project }) => keeper.list(project),
    revokeKey: ({ keeper }, { project, id }) => keeper.revoke(project, id),
    rotateKey: ({ keeper }, { project, id, graceSeconds }) => keeper.rotate(project, id, graceSeconds),
    firstKeys: ({ keeper }, { project }) => keeper.firstKeys(project),
    sign({ checkpoints }, { purpose, text }) {
      // One key per purpose: asked for another, it must not sign with this one.
      if (purpose !== 'audit-checkpoint') {
        throw new MagFlockError('MF208', `purpose: no signing key for ${String(purpose)}`);
      }
      return { signature: checkpoints.sign(text), keyId: checkpoints.keyId };
    },
    setSecret: ({ secrets }, { project, name, value }) => secrets.set(project, name, value),
    listSecrets: ({ secrets }, { project }) => secrets.list(project),
    removeSecret: ({ secrets }, { project, name }) => secrets.remove(project, name),
    readSecret: ({ secrets }, { project, name }) => secrets.read(project, name),
    tokenSettings: ({ tokens }, { project }) => tokens.show(project),
    setTokenSettings: ({ tokens }, { project, changes }) => tokens.change(project, changes),
    signToken: ({ tokens }, request) => tokens.sign(request),
    publicKeys: ({ checkpoints }) => [{ keyId: checkpoints.keyId, publicKeyPem: checkpoints.publicKeyPem }],
  },
});

async function begin(context: ActorContext, args: PsuArgs): Promise<PsuState> {
  const keeper = new KeyKeeper({
    store: new KeyStore(context.part('storage')),
    publish: (delta) => context.publish(delta, { acknowledged: true }),
    announce: (name, { project, id, role }) =>
      name === 'auth.key.created'
        ? context.events.emit(name, { project, id, role })
        : context.events.emit(name, { project, id }),
    now: Date.now,
  });
  const box = new SecretBox(args.secrets);
  const tokens = new TokenSettingsKeeper({
    storage: context.part('storage'),
    box,
    publish: (delta) => context.publish(delta, { acknowledged: true }),
    unusable: (project, err) =>
      context.log.error(
        { err, project },
        'token settings cannot be used; no token of the project is accepted',
      ),
  });
  await keeper.load();
  await tokens.load();
  const subscriptions: (() => void)[] = [];
  const listen = (): void => {
    const reload = async ({ project }: { readonly project: string }): Promise<void> => {
      const [keys, settings] = await Promise.allSettled([keeper.reload(project), tokens.reload(project)]);
      for (const { status, ...outcome } of [keys, settings]) {
        if (status === 'rejected')
          context.log.error({ ...outcome, project }, 'keys of the project could not be read again');
      }
    };
    subscriptions.push(context.events.on('project.removed', reload));
    subscriptions.push(context.events.on('project.created', reload));
  };
  return {
    keeper,
    checkpoints: new SigningKey(args.signatures, 'audit-checkpoint'),
    secrets: new SecretKeeper(context.part('storage'), box),
    tokens,
    cursors: macKey(args.authority, 'cursors'),
    subscriptions,
    listen,
  };
}
