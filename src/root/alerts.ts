import type { Alerts } from '../functions/services.ts';
import { receiveAlert } from '../orchestration/receive-alert.ts';
import type { ReceiveDeps } from '../orchestration/receive-alert.ts';
import type { Catalogue } from './plans.ts';

/** What the doors ask of alerts. */
export function createAlertDoors(deps: ReceiveDeps, catalogue: Pick<Catalogue, 'all'>): Alerts {
  return {
    receive: async (message, by) => receiveAlert(deps, { message, by }, await catalogue.all()),
    list: (limit) => deps.alerts.recent(limit),
  };
}
