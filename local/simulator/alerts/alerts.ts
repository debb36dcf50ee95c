import { AsyncLocalStorage } from 'node:async_hooks';
import { instant, type Clock, type Instant } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import type { MetricDefinition } from '../metrics/definitions.ts';
import { seededGuid } from '../random.ts';
import type { Health, HealthStatus } from '../resource-health/health.ts';
import type { World } from '../service.ts';
import {
  createActionGroup,
  type ActionGroup,
  type Delivery,
  type Webhook,
} from './action-group.ts';
import {
  activityContext,
  commonSchema,
  metricContext,
  type AlertInstance,
} from './common-schema.ts';
import { isBelow, judge, targetOf } from './conditions.ts';
import type { AlertRule, AlertsSeed, StatefulRule } from './rules.ts';

/** One message that went to the action group. */
export interface Notification {
  readonly at: Instant;
  readonly rule: string;
  readonly alertId: string;
  readonly condition: 'Fired' | 'Resolved';
  readonly body: JsonObject;
  readonly deliveries: readonly Delivery[];
}

export interface Alerts {
  addRule(rule: AlertRule): void;
  receivers(urls: readonly string[]): void;
  /** Neither rules nor receivers are left. */
  clear(): void;
  rules(): readonly AlertRule[];
  notifications(): readonly Notification[];
  /** Time may stand still for it. */
  stop(): void;
}

export interface AlertsParts {
  readonly world: World;
  /** The caller's clock: alerts happen while nobody looks at the world. */
  readonly clock: Clock;
  readonly random: () => number;
  readonly subscription: string;
  readonly definitions: readonly MetricDefinition[];
  readonly health: Health;
  readonly journal: Journal;
  readonly webhook: Webhook;
  readonly seed: AlertsSeed;
}

const EVALUATION_SECONDS = 60;
/** A metric alert ends when its condition did not hold in three evaluations in a row. */
const CALM_EVALUATIONS = 3;

/**
 * Alert rules, evaluated every minute, and one action group. Nothing runs while there is no rule or nobody to tell, so
 * a world without alerts is as quiet as before.
 */
export function createAlerts(parts: AlertsParts): Alerts {
  return new Engine(parts);
}

interface Standing {
  readonly alert: AlertInstance;
  calm: number;
}

class Engine implements Alerts {
  readonly #parts: AlertsParts;
  /** Whoever set a rule must not own what follows from it: virtual time asks who is at work. */
  readonly #outside = AsyncLocalStorage.snapshot();
  readonly #standing = new Map<AlertRule, Standing>();
  readonly #health = new Map<string, HealthStatus>();
  readonly #notifications: Notification[] = [];
  #rules: readonly AlertRule[];
  #receivers: readonly string[];
  #running: { readonly life: AbortController; readonly group: ActionGroup } | null = null;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    this.#rules = parts.seed.rules;
    this.#receivers = parts.seed.receivers;
    parts.journal.watch((entry) => this.#heard(entry));
    this.#wake();
  }

  addRule(rule: AlertRule): void {
    this.#rules = [...this.#rules, rule];
    this.#wake();
  }

  receivers(urls: readonly string[]): void {
    this.#receivers = urls;
    this.#wake();
  }

  clear(): void {
    this.#rules = [];
    this.#receivers = [];
    this.#standing.clear();
    this.stop();
  }

  rules(): readonly AlertRule[] {
    return this.#rules;
  }

  notifications(): readonly Notification[] {
    return this.#notifications;
  }

  stop(): void {
    this.#running?.life.abort();
    this.#running = null;
  }

  #wake(): void {
    if (this.#running !== null || this.#rules.length === 0 || this.#receivers.length === 0) return;
    const life = new AbortController();
    const { clock, world, webhook } = this.#parts;
    const { speed } = world;
    const group = createActionGroup({ clock, speed, webhook, life: life.signal });
    this.#running = { life, group };
    this.#remember();
    this.#outside(() => {
      this.#evaluateForEver(life.signal).catch((error: unknown) => {
        if (!life.signal.aborted) throw error;
      });
    });
  }

  async #evaluateForEver(life: AbortSignal): Promise<void> {
    const { clock, world } = this.#parts;
    for (;;) {
      await clock.sleep((EVALUATION_SECONDS * 1000) / world.speed, life);
      world.catchUp();
      for (const rule of this.#rules) {
        if (rule.kind === 'metric' || rule.kind === 'web-test') this.#evaluate(rule);
      }
      this.#lookAtHealth();
    }
  }

  #evaluate(rule: StatefulRule): void {
    const now = this.#parts.world.clock.now();
    const verdict = judge(rule, this.#parts.definitions, now);
    if (verdict === null) return;
    const standing = this.#standing.get(rule);
    const context = metricContext(verdict.condition);
    if (verdict.holds && standing === undefined) {
      const alert = this.#newAlert(rule, targetOf(rule), now);
      this.#standing.set(rule, { alert, calm: 0 });
      this.#notify(alert, context);
    } else if (verdict.holds && standing !== undefined) {
      standing.calm = 0;
    } else if (standing !== undefined) {
      standing.calm += 1;
      if (standing.calm < CALM_EVALUATIONS) return;
      this.#standing.delete(rule);
      this.#notify({ ...standing.alert, resolvedAt: now }, context);
    }
  }

  #remember(): void {
    for (const status of this.#parts.health.all()) this.#health.set(status.id, status);
  }

  #lookAtHealth(): void {
    const before = new Map(this.#health);
    this.#remember();
    for (const [id, status] of this.#health) {
      const previous = before.get(id);
      if (previous === undefined || previous.state === status.state) continue;
      for (const rule of this.#rules) {
        if (rule.kind === 'resource-health' && isBelow(rule.scope, id))
          this.#tellHealth(rule, previous, status);
      }
    }
  }

  /**
   * An alert of the activity log is about one event and has no end of its own: the end of the trouble is another event,
   * told by `status` and `currentHealthStatus`. That it is "Fired", too, is a guess from Service Health's sample.
   */
  #tellHealth(
    rule: AlertRule,
    previous: HealthStatus,
    { id, state, title, ...now }: HealthStatus,
  ): void {
    const { world } = this.#parts;
    const well = state === 'Available';
    const cause =
      (well ? previous : now).reasonType === 'Unplanned' ? 'PlatformInitiated' : 'UserInitiated';
    const event = {
      eventSource: 'ResourceHealth',
      id: seededGuid(this.#parts.random),
      at: world.clock.now(),
      operationName: `Microsoft.Resourcehealth/healthevent/${well ? 'Resolved' : 'Activated'}/action`,
      status: well ? 'Resolved' : 'Active',
      more: {
        properties: {
          title,
          details: null,
          currentHealthStatus: state,
          previousHealthStatus: previous.state,
          type: 'Downtime',
          cause,
        },
      },
    } as const;
    this.#notify(this.#newAlert(rule, id, event.at), activityContext(event));
  }

  #heard({ action, effect, path, correlationId }: JournalEntry): void {
    if (this.#running === null || action === null || effect === null) return;
    for (const rule of this.#rules) {
      if (rule.kind !== 'activity' || !isBelow(rule.scope, path)) continue;
      if (rule.operation.toLowerCase() !== action.toLowerCase()) continue;
      const target = action.endsWith('/action') ? path.slice(0, path.lastIndexOf('/')) : path;
      const event = {
        eventSource: 'Administrative',
        id: correlationId,
        at: this.#parts.world.clock.now(),
        operationName: action,
        status: 'Accepted',
        more: { authorization: { action, scope: target }, claims: '{}', subStatus: '' },
      } as const;
      const alert = this.#newAlert(rule, target, event.at);
      this.#outside(() => this.#notify(alert, activityContext(event)));
    }
  }

  #newAlert(rule: AlertRule, targetId: string, firedAt: number): AlertInstance {
    return { id: seededGuid(this.#parts.random), rule, targetId, firedAt, resolvedAt: null };
  }

  #notify(alert: AlertInstance, context: JsonObject): void {
    const body = commonSchema(this.#parts.subscription, alert, context);
    const deliveries: Delivery[] = [];
    this.#notifications.push({
      at: instant(alert.resolvedAt ?? alert.firedAt),
      rule: alert.rule.name,
      alertId: alert.id,
      condition: alert.resolvedAt === null ? 'Fired' : 'Resolved',
      body,
      deliveries,
    });
    const text = JSON.stringify(body);
    this.#running?.group.notify(this.#receivers, text, (each) => deliveries.push(each));
  }
}
