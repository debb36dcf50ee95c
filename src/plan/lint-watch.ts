import { warning } from '../core/finding.ts';
import type { Finding } from '../core/finding.ts';
import type { Plan } from './plan.ts';
import { isProof, looksOften, resolveSignals } from './signals.ts';
import { SIGNAL_DOMAINS } from './watch.ts';
import type { Watch } from './watch.ts';

/** Whether the watch could ever come to a verdict, and do what it is there for. */
export function watchFindings(plan: Plan): Finding[] {
  const { watch } = plan;
  if (watch === undefined) return [];
  return [
    ...quorumFindings(plan, watch),
    ...isolationFindings(plan),
    ...rhythmFindings(plan),
    ...actionFindings(plan, watch),
  ];
}

function quorumFindings(plan: Plan, { rule: { quorum } }: Watch): Finding[] {
  const signals = resolveSignals(plan, plan.home);
  // Site Recovery tells who could take over, not who has failed.
  const telling = signals.filter(({ uses }) => uses !== 'site-recovery');
  if (telling.some(isProof)) return [];
  const domains = new Set(telling.map(({ uses }) => SIGNAL_DOMAINS[uses]));
  if (domains.size >= quorum) return [];
  return [
    warning(
      plan.name,
      `The watch wants ${quorum} independent sources to say that a site has failed, and its signals look from ${domains.size}: they never could.`,
      'Add a signal that looks from elsewhere, or lower watch.rule.quorum.',
    ),
  ];
}

/** Who hears nothing at all takes himself for cut off. Alerts lie in the app's own store, and are no sign of the contrary. */
function isolationFindings(plan: Plan): Finding[] {
  const signals = resolveSignals(plan, plan.home);
  const asked = signals.filter(({ uses }) => uses !== 'alert');
  const isWide = asked.some(({ uses }) => SIGNAL_DOMAINS[uses] !== 'our-network');
  if (isWide || asked.length === 0 || signals.some(isProof)) return [];
  return [
    warning(
      plan.name,
      "No signal asks anybody outside of Switchover's own network: when none of its probes is answered, the watch cannot tell that from its own isolation, and starts nothing.",
      'Add a signal that asks Azure, such as traffic-manager or metric.',
    ),
  ];
}

/** Reads of Azure are rationed while all looks well, so a plan needs something that is asked at every tick. */
function rhythmFindings(plan: Plan): Finding[] {
  if (looksOften(plan)) return [];
  return [
    warning(
      plan.name,
      'No signal of the watch asks the site itself: while nothing is suspected Azure is read every five minutes only, so that a failure may stay unseen for so long.',
      'Add a signal that uses http.',
    ),
  ];
}

function actionFindings(plan: Plan, { action }: Watch): Finding[] {
  const { count } = plan.approvals;
  if (action !== 'act' || count === 0) return [];
  return [
    warning(
      plan.name,
      `watch.action is act, but approvals wants ${count} to agree: what begins by itself waits all the same.`,
      'Set watch.action to ask, which says so, or approvals.count to 0.',
    ),
  ];
}
