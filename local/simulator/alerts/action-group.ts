import type { Clock } from '../../../src/core/clock.ts';

/** Posts a body; the status that came back, null when nothing did. */
export type Webhook = (url: string, body: string) => Promise<number | null>;

export interface Delivery {
  readonly url: string;
  readonly at: number;
  readonly status: number | null;
}

/** From an alert to the first call. Not documented. */
const FIRST_SECONDS = 10;

/**
 * Between attempts. https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-troubleshoot ("Did your webhook
 * become unresponsive or return errors?")
 */
const RETRY_SECONDS = [5, 20, 5, 40, 5] as const;
const RETRIED: readonly (number | null)[] = [null, 408, 429, 503, 504];
const SILENCE_SECONDS = 15 * 60;

export interface ActionGroupParts {
  readonly clock: Clock;
  readonly speed: number;
  readonly webhook: Webhook;
  readonly life: AbortSignal;
}

export interface ActionGroup {
  /** Calls every receiver until it takes the message or has had all its attempts. */
  notify(receivers: readonly string[], body: string, tell: (delivery: Delivery) => void): void;
}

export function createActionGroup({ clock, speed, webhook, life }: ActionGroupParts): ActionGroup {
  const silentUntil = new Map<string, number>();
  const rest = (seconds: number): Promise<void> => clock.sleep((seconds * 1000) / speed, life);
  const attempt = async (url: string, body: string): Promise<number | null> => {
    try {
      return await webhook(url, body);
    } catch {
      return null;
    }
  };
  const deliver = async (
    url: string,
    body: string,
    tell: (delivery: Delivery) => void,
  ): Promise<void> => {
    await rest(FIRST_SECONDS);
    if ((silentUntil.get(url) ?? 0) > clock.now()) return;
    for (const pause of [...RETRY_SECONDS, null]) {
      const status = await attempt(url, body);
      tell({ url, at: clock.now(), status });
      if (!RETRIED.includes(status)) return;
      if (pause === null) silentUntil.set(url, clock.now() + (SILENCE_SECONDS * 1000) / speed);
      else await rest(pause);
    }
  };
  return {
    notify: (receivers, body, tell) => {
      for (const url of receivers) {
        deliver(url, body, tell).catch((error: unknown) => {
          if (!life.aborted) throw error;
        });
      }
    },
  };
}
