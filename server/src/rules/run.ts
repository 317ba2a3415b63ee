import type { Contract } from '../contract/model';
import type { LintSeverity } from '../protocol';
import { members } from './members';
import type { Finding } from './rule';

/** A finding with the code and severity of the rule that made it. */
export interface Diagnosis extends Finding {
  readonly code: string;
  readonly severity: LintSeverity;
}

/** What all rules say of a contract, in the order of the rules. */
export const diagnosesOf = (contract: Contract): readonly Diagnosis[] =>
  members.flatMap(({ code, severity, check }) =>
    check(contract).map((finding) => ({ ...finding, code, severity: finding.severity ?? severity })),
  );
