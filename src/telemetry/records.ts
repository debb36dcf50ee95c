import type { Finding } from '../core/finding.ts';
import type { Alerts } from '../records/alerts.ts';
import type { Outbox } from '../records/outbox.ts';
import type { ReadinessRecords } from '../records/readiness.ts';
import type { Telemetry } from './sender.ts';

/** The same records, of which is told what was written. */

export function toldAlerts(alerts: Alerts, telemetry: Telemetry): Alerts {
  return {
    ...alerts,
    async record(alert) {
      const written = await alerts.record(alert);
      const result = alert.ignored === undefined ? 'weighed' : 'ignored';
      telemetry.count('switchover.alert.received', {
        'switchover.condition': alert.condition,
        'switchover.severity': alert.severity,
        'switchover.result': written === 'repeated' ? 'repeated' : result,
      });
      return written;
    },
  };
}

export function toldOutbox(outbox: Outbox, telemetry: Telemetry): Outbox {
  return {
    ...outbox,
    async close(message, delivery) {
      await outbox.close(message, delivery);
      telemetry.count('switchover.notice.closed', {
        'switchover.notice': message.notice.what,
        'switchover.outcome': delivery.outcome,
      });
    },
  };
}

const SEVERITIES: readonly Finding['severity'][] = ['critical', 'warning', 'info'];

export function toldReadiness(records: ReadinessRecords, telemetry: Telemetry): ReadinessRecords {
  return {
    ...records,
    async put(readiness) {
      await records.put(readiness);
      const { plan, findings } = readiness;
      for (const severity of SEVERITIES) {
        const found = findings.filter((one) => one.severity === severity).length;
        const labels = { 'switchover.plan': plan, 'switchover.severity': severity };
        telemetry.show('switchover.readiness.findings', found, labels);
      }
    },
  };
}
