import type { LintRule } from './lint-rule.ts';
import { exposedMaterializedViewRule } from './rules/exposed-materialized-view.rule.ts';
import { leakingViewRule } from './rules/leaking-view.rule.ts';
import { openWritePolicyRule } from './rules/open-write-policy.rule.ts';
import { policyCallPerRowRule } from './rules/policy-call-per-row.rule.ts';
import { policyWithoutIndexRule } from './rules/policy-without-index.rule.ts';
import { policyWithoutRowSecurityRule } from './rules/policy-without-row-security.rule.ts';
import { rowSecurityWithoutPolicyRule } from './rules/row-security-without-policy.rule.ts';
import { securityDefinerFunctionRule } from './rules/security-definer-function.rule.ts';
import { tableWithoutRowSecurityRule } from './rules/table-without-row-security.rule.ts';
import { userMetadataInPolicyRule } from './rules/user-metadata-in-policy.rule.ts';

/** Every rule, gravest first. */
export const lintRules: readonly LintRule[] = [
  tableWithoutRowSecurityRule,
  policyWithoutRowSecurityRule,
  leakingViewRule,
  securityDefinerFunctionRule,
  userMetadataInPolicyRule,
  openWritePolicyRule,
  exposedMaterializedViewRule,
  rowSecurityWithoutPolicyRule,
  policyCallPerRowRule,
  policyWithoutIndexRule,
];
