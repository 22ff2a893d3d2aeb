import type { Command } from './command.ts';
import { actorCommand } from './commands/actor.command.ts';
import { blocksCommand } from './commands/blocks.command.ts';
import { checkpointCommand } from './commands/checkpoint.command.ts';
import { completionCommand } from './commands/completion.command.ts';
import { configReloadCommand } from './commands/config-reload.command.ts';
import { configSetCommand } from './commands/config-set.command.ts';
import { configShowCommand } from './commands/config-show.command.ts';
import { deadLettersCommand } from './commands/dead-letters.command.ts';
import { demoCommand } from './commands/demo.command.ts';
import { doctorCommand } from './commands/doctor.command.ts';
import { explainCommand } from './commands/explain.command.ts';
import { exposeCommand } from './commands/expose.command.ts';
import { extAcceptCommand } from './commands/ext-accept.command.ts';
import { extCagesCommand } from './commands/ext-cages.command.ts';
import { extDevCommand } from './commands/ext-dev.command.ts';
import { extDisableCommand } from './commands/ext-disable.command.ts';
import { extEnableCommand } from './commands/ext-enable.command.ts';
import { extGrantsCommand } from './commands/ext-grants.command.ts';
import { extInfoCommand } from './commands/ext-info.command.ts';
import { extInstallCommand } from './commands/ext-install.command.ts';
import { extKeygenCommand } from './commands/ext-keygen.command.ts';
import { extLintCommand } from './commands/ext-lint.command.ts';
import { extListCommand } from './commands/ext-list.command.ts';
import { extLogsCommand } from './commands/ext-logs.command.ts';
import { extNewCommand } from './commands/ext-new.command.ts';
import { extPackCommand } from './commands/ext-pack.command.ts';
import { extQuarantineCommand } from './commands/ext-quarantine.command.ts';
import { extRefuseCommand } from './commands/ext-refuse.command.ts';
import { extReleaseCommand } from './commands/ext-release.command.ts';
import { extRemoveCommand } from './commands/ext-remove.command.ts';
import { extReviewCommand } from './commands/ext-review.command.ts';
import { extRevokeCommand } from './commands/ext-revoke.command.ts';
import { extRotateKeyCommand } from './commands/ext-rotate-key.command.ts';
import { extSignCommand } from './commands/ext-sign.command.ts';
import { extTestCommand } from './commands/ext-test.command.ts';
import { extTopCommand } from './commands/ext-top.command.ts';
import { extTrustCommand } from './commands/ext-trust.command.ts';
import { extUpdateCommand } from './commands/ext-update.command.ts';
import { extVerifyCommand } from './commands/ext-verify.command.ts';
import { helpCommand } from './commands/help.command.ts';
import { importCommand } from './commands/import.command.ts';
import { initCommand } from './commands/init.command.ts';
import { keyCreateCommand } from './commands/key-create.command.ts';
import { keyListCommand } from './commands/key-list.command.ts';
import { keyRevokeCommand } from './commands/key-revoke.command.ts';
import { keyRotateCommand } from './commands/key-rotate.command.ts';
import { lintCommand } from './commands/lint.command.ts';
import { logsCommand } from './commands/logs.command.ts';
import { logsVerifyCommand } from './commands/logs-verify.command.ts';
import { projectCreateCommand } from './commands/project-create.command.ts';
import { projectInfoCommand } from './commands/project-info.command.ts';
import { projectListCommand } from './commands/project-list.command.ts';
import { projectRemoveCommand } from './commands/project-remove.command.ts';
import { projectSettingsCommand } from './commands/project-settings.command.ts';
import { projectSettingsSetCommand } from './commands/project-settings-set.command.ts';
import { projectSettingsUnsetCommand } from './commands/project-settings-unset.command.ts';
import { restartCommand } from './commands/restart.command.ts';
import { secretListCommand } from './commands/secret-list.command.ts';
import { secretRemoveCommand } from './commands/secret-remove.command.ts';
import { secretSetCommand } from './commands/secret-set.command.ts';
import { sentinelEvaluateCommand } from './commands/sentinel-evaluate.command.ts';
import { sentinelPromoteCommand } from './commands/sentinel-promote.command.ts';
import { sentinelRollbackCommand } from './commands/sentinel-rollback.command.ts';
import { sentinelScoreCommand } from './commands/sentinel-score.command.ts';
import { sentinelShadowCommand } from './commands/sentinel-shadow.command.ts';
import { sentinelStatusCommand } from './commands/sentinel-status.command.ts';
import { sentinelTrainCommand } from './commands/sentinel-train.command.ts';
import { sqlCommand } from './commands/sql.command.ts';
import { startCommand } from './commands/start.command.ts';
import { statusCommand } from './commands/status.command.ts';
import { stopCommand } from './commands/stop.command.ts';
import { swapCommand } from './commands/swap.command.ts';
import { testCommand } from './commands/test.command.ts';
import { threatFeedbackCommand } from './commands/threat-feedback.command.ts';
import { threatShowCommand } from './commands/threat-show.command.ts';
import { threatsCommand } from './commands/threats.command.ts';
import { tokenCommand } from './commands/token.command.ts';
import { topCommand } from './commands/top.command.ts';
import { treeCommand } from './commands/tree.command.ts';
import { typesTypescriptCommand } from './commands/types-typescript.command.ts';
import { unblockCommand } from './commands/unblock.command.ts';
import { versionCommand } from './commands/version.command.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  stopCommand,
  statusCommand,
  topCommand,
  treeCommand,
  actorCommand,
  restartCommand,
  swapCommand,
  deadLettersCommand,
  initCommand,
  demoCommand,
  sqlCommand,
  importCommand,
  exposeCommand,
  typesTypescriptCommand,
  keyCreateCommand,
  keyListCommand,
  keyRevokeCommand,
  keyRotateCommand,
  tokenCommand,
  secretSetCommand,
  secretListCommand,
  secretRemoveCommand,
  projectCreateCommand,
  projectListCommand,
  projectInfoCommand,
  projectRemoveCommand,
  projectSettingsCommand,
  projectSettingsSetCommand,
  projectSettingsUnsetCommand,
  logsCommand,
  logsVerifyCommand,
  checkpointCommand,
  lintCommand,
  testCommand,
  threatsCommand,
  threatShowCommand,
  threatFeedbackCommand,
  blocksCommand,
  unblockCommand,
  sentinelStatusCommand,
  sentinelScoreCommand,
  sentinelTrainCommand,
  sentinelEvaluateCommand,
  sentinelPromoteCommand,
  sentinelRollbackCommand,
  sentinelShadowCommand,
  extNewCommand,
  extDevCommand,
  extTestCommand,
  extLintCommand,
  extPackCommand,
  extKeygenCommand,
  extSignCommand,
  extVerifyCommand,
  extRotateKeyCommand,
  extInstallCommand,
  extReviewCommand,
  extListCommand,
  extInfoCommand,
  extGrantsCommand,
  extLogsCommand,
  extTopCommand,
  extDisableCommand,
  extEnableCommand,
  extUpdateCommand,
  extAcceptCommand,
  extRefuseCommand,
  extQuarantineCommand,
  extReleaseCommand,
  extRemoveCommand,
  extTrustCommand,
  extRevokeCommand,
  extCagesCommand,
  doctorCommand,
  configShowCommand,
  configSetCommand,
  configReloadCommand,
  explainCommand,
  completionCommand,
  versionCommand,
  helpCommand,
];
