import type { Command } from './command.ts';
import { checkpointCommand } from './commands/checkpoint.command.ts';
import { completionCommand } from './commands/completion.command.ts';
import { configShowCommand } from './commands/config-show.command.ts';
import { demoCommand } from './commands/demo.command.ts';
import { doctorCommand } from './commands/doctor.command.ts';
import { explainCommand } from './commands/explain.command.ts';
import { exposeCommand } from './commands/expose.command.ts';
import { helpCommand } from './commands/help.command.ts';
import { importCommand } from './commands/import.command.ts';
import { initCommand } from './commands/init.command.ts';
import { keyCreateCommand } from './commands/key-create.command.ts';
import { keyListCommand } from './commands/key-list.command.ts';
import { keyRevokeCommand } from './commands/key-revoke.command.ts';
import { keyRotateCommand } from './commands/key-rotate.command.ts';
import { logsCommand } from './commands/logs.command.ts';
import { logsVerifyCommand } from './commands/logs-verify.command.ts';
import { projectCreateCommand } from './commands/project-create.command.ts';
import { projectInfoCommand } from './commands/project-info.command.ts';
import { projectListCommand } from './commands/project-list.command.ts';
import { projectRemoveCommand } from './commands/project-remove.command.ts';
import { restartCommand } from './commands/restart.command.ts';
import { sqlCommand } from './commands/sql.command.ts';
import { startCommand } from './commands/start.command.ts';
import { statusCommand } from './commands/status.command.ts';
import { stopCommand } from './commands/stop.command.ts';
import { testCommand } from './commands/test.command.ts';
import { versionCommand } from './commands/version.command.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  stopCommand,
  statusCommand,
  restartCommand,
  initCommand,
  demoCommand,
  sqlCommand,
  importCommand,
  exposeCommand,
  keyCreateCommand,
  keyListCommand,
  keyRevokeCommand,
  keyRotateCommand,
  projectCreateCommand,
  projectListCommand,
  projectInfoCommand,
  projectRemoveCommand,
  logsCommand,
  logsVerifyCommand,
  checkpointCommand,
  testCommand,
  doctorCommand,
  configShowCommand,
  explainCommand,
  completionCommand,
  versionCommand,
  helpCommand,
];
