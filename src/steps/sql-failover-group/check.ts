import type { FailoverGroupView } from '../../azure/access.ts';
import { sameResource } from '../../core/resource-id.ts';
import type { Finding } from '../../core/finding.ts';
import type { StepContext } from '../contract.ts';
import { reading } from '../reading.ts';
import type { Settings } from './settings.ts';

/** Whether the group could fail over now, as far as reading tells. */
export async function check(context: StepContext, settings: Settings): Promise<readonly Finding[]> {
  const { group, from, to } = settings;
  const [left, entered] = await Promise.all([
    reading(() => context.azure.sql.get(from, group)),
    reading(() => context.azure.sql.get(to, group)),
  ]);
  const findings: Finding[] = [];
  if ('trouble' in entered) findings.push(unreadable('critical', to, entered.trouble.message));
  else
    findings.push(
      ...(entered.read === null ? [missing(to, group)] : ofEntered(entered.read, settings)),
    );
  const planned = context.execution.mode === 'planned';
  if ('trouble' in left) {
    findings.push(unreadable(planned ? 'critical' : 'info', from, left.trouble.message));
  } else if (left.read === null) findings.push(missing(from, group));
  else findings.push(...ofLeft(left.read, planned));
  if ((await context.lag()) === null) findings.push(noLag(to));
  return findings;
}

function ofEntered(view: FailoverGroupView, settings: Settings): readonly Finding[] {
  const findings: Finding[] = [];
  if (view.role === 'Primary') {
    findings.push({
      severity: 'info',
      resource: view.id,
      problem: 'is primary already',
      remedy: 'None is needed: the step would find its goal met and call nothing.',
    });
  }
  if (!view.partners.some(({ id }) => sameResource(id, settings.from))) {
    findings.push({
      severity: 'critical',
      resource: view.id,
      problem: `does not replicate with ${settings.from}`,
      remedy:
        "Make both of the plan's servers partners of this failover group, or correct the plan.",
    });
  }
  if (view.databases.length === 0) {
    findings.push({
      severity: 'warning',
      resource: view.id,
      problem: 'holds no databases',
      remedy: 'Add the databases of the application to the group.',
    });
  }
  return findings;
}

function ofLeft(view: FailoverGroupView, planned: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  if (view.policy === 'Automatic') {
    findings.push({
      severity: 'warning',
      resource: view.id,
      problem: `fails over by itself${view.graceMinutes === null ? '' : ` after ${view.graceMinutes} min`}, with data loss and without the rest of the plan`,
      remedy: 'Set the failover policy of the group to Manual.',
    });
  }
  if (view.replicationState.toUpperCase() !== 'CATCH_UP') {
    findings.push({
      severity: planned ? 'critical' : 'warning',
      resource: view.id,
      problem: `replication is ${view.replicationState}, not CATCH_UP`,
      remedy:
        'Wait until replication has caught up; after a forced failover that takes about a minute.',
    });
  }
  return findings;
}

function missing(server: string, group: string): Finding {
  return {
    severity: 'critical',
    resource: server,
    problem: `has no failover group ${group}`,
    remedy: 'Create the failover group over both servers, or correct the plan.',
  };
}

function unreadable(severity: Finding['severity'], server: string, message: string): Finding {
  return {
    severity,
    resource: server,
    problem: `cannot be read: ${message}`,
    remedy: "Check that the server exists and that the app's identity may read it.",
  };
}

function noLag(server: string): Finding {
  return {
    severity: 'warning',
    resource: server,
    problem: 'there is no sample of the replication lag, so a forced failover would have to ask',
    remedy: "Name the databases under the plan's dataLoss, and grant Monitoring Reader on them.",
  };
}
