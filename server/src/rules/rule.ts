import type { Contract } from '../contract/model';
import type { LintSeverity } from '../protocol';
import type { Fix } from '../text/edit';
import type { Span } from '../text/tree';

/** One thing that can be wrong with a contract though its schema accepts it. */
export interface Rule {
  /** `contract/` and the name of the rule's file. */
  readonly code: string;
  readonly severity: LintSeverity;
  /** A sentence for the reference: what is wrong, and why it matters. */
  readonly documentation: string;
  check(contract: Contract): readonly Finding[];
}

/** One place where a contract breaks a rule. */
export interface Finding {
  /** The smallest piece of the text that names the problem. */
  readonly span: Span;
  readonly message: string;
  /** Where the rule's own does not fit. */
  readonly severity?: LintSeverity;
  readonly fix?: Fix;
  /** The other side of the problem. */
  readonly related?: readonly Related[];
}

/** A second place that a finding is about, with what stands there. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}
