import { Type } from 'typebox';
import type { TokenSettings } from '../protocol/data-api-settings.ts';
import type { ProjectSettingDefinition } from './setting-definition.ts';

/** How tokens of a project are verified: names as PostgREST has them, in camelCase. */
export const tokenSettingDefinitions = {
  dbAnonRole: {
    kind: 'text',
    schema: Type.Union([Type.String({ minLength: 1, maxLength: 63, pattern: '^[^\\u0000]+$' }), Type.Null()]),
    default: 'anon',
    help: 'Role of requests without a token; null refuses them.',
    allowed: 'the name of a role, or null to refuse requests without a token',
    example: 'anon',
    refuse: (role: string | null) => (role === 'none' ? '"none" is no role' : undefined),
  },
  jwtSecret: {
    kind: 'text',
    schema: Type.Union([Type.String({ minLength: 1, maxLength: 65_536 }), Type.Null()]),
    default: null,
    help: 'Key that tokens are verified with; null accepts no tokens. Encrypted at rest, never shown.',
    allowed: 'a text of at least 32 bytes, a JWK or a JWKS, or null for no tokens',
    example: '-',
    secret: true,
  },
  jwtSecretIsBase64: {
    kind: 'boolean',
    schema: Type.Boolean(),
    default: false,
    help: 'jwtSecret is base64 of the key.',
    allowed: 'true or false',
    example: 'true',
  },
  jwtAud: {
    kind: 'text',
    schema: Type.Union([Type.String({ minLength: 1, maxLength: 2000 }), Type.Null()]),
    default: null,
    help: 'Audience that tokens with one must name; null takes any.',
    allowed: 'a text, or null for any audience',
    example: 'authenticated',
  },
  jwtRoleClaimKey: {
    kind: 'text',
    schema: Type.String({ minLength: 1, maxLength: 500 }),
    default: '.role',
    help: 'Where the role is in the claims.',
    allowed: 'a path such as .role, .app.roles[0] or .roles[?(@ == "editor")]',
    example: '.app_metadata.role',
  },
  jwtCacheMaxEntries: {
    kind: 'number',
    schema: Type.Integer({ minimum: 0, maximum: 100_000 }),
    default: 1000,
    help: 'Verified tokens kept in each CPU thread; 0 keeps none.',
    allowed: 'a whole number from 0 to 100000',
    example: '1000',
  },
} as const satisfies Record<keyof TokenSettings, ProjectSettingDefinition>;
