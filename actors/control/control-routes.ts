import { actorRoutes } from './routes/actor.routes.ts';
import { deadLetterRoutes } from './routes/dead-letters.routes.ts';
import { extensionRoutes } from './routes/extensions.routes.ts';
import { keyRoutes } from './routes/keys.routes.ts';
import { logRoutes } from './routes/logs.routes.ts';
import { machineRoutes } from './routes/machine.routes.ts';
import { projectSettingsRoutes } from './routes/project-settings.routes.ts';
import { projectRoutes } from './routes/projects.routes.ts';
import { secretRoutes } from './routes/secrets.routes.ts';
import { sentinelRoutes } from './routes/sentinel.routes.ts';
import { sqlRoutes } from './routes/sql.routes.ts';
import { tokenRoutes } from './routes/tokens.routes.ts';
import { typeRoutes } from './routes/types.routes.ts';
import { watchRoutes } from './routes/watch.routes.ts';

/** Every route of the control socket. */
export const controlRoutes = [
  ...machineRoutes,
  ...actorRoutes,
  ...deadLetterRoutes,
  ...sqlRoutes,
  ...projectRoutes,
  ...projectSettingsRoutes,
  ...typeRoutes,
  ...keyRoutes,
  ...secretRoutes,
  ...tokenRoutes,
  ...logRoutes,
  ...sentinelRoutes,
  ...watchRoutes,
  ...extensionRoutes,
] as const;
