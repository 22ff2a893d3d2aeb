import { keyRoutes } from './routes/keys.routes.ts';
import { logRoutes } from './routes/logs.routes.ts';
import { machineRoutes } from './routes/machine.routes.ts';
import { projectRoutes } from './routes/projects.routes.ts';
import { sqlRoutes } from './routes/sql.routes.ts';
import { watchRoutes } from './routes/watch.routes.ts';

/** Every route of the control socket. */
export const controlRoutes = [
  ...machineRoutes,
  ...sqlRoutes,
  ...projectRoutes,
  ...keyRoutes,
  ...logRoutes,
  ...watchRoutes,
] as const;
