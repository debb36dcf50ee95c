import { canonicalId } from '../core/resource-id.ts';
import type { Plan } from '../plan/plan.ts';
import { resolveSignals } from '../plan/signals.ts';
import type { WatchedSignal } from '../plan/signals.ts';
import type { AlertMatch, AlertRecord } from '../records/alerts.ts';

type AlertSignal = WatchedSignal<'alert'>;
type Message = Pick<AlertRecord, 'rule' | 'severity' | 'targets'>;

/** A signal that an alert speaks for, at the sites that it concerns. */
export interface Spoken extends AlertMatch {
  readonly lastsSeconds: number;
}

export type AlertMatcher = (plans: readonly Plan[], message: Message) => readonly Spoken[];

interface Listening {
  readonly site: string;
  readonly signal: AlertSignal;
  readonly targets: readonly string[] | null;
}

/** Remembers what each plan listens for: in a storm the same plans are asked a thousand times. */
export function createAlertMatcher(): AlertMatcher {
  const known = new WeakMap<Plan, readonly Listening[]>();
  const listeningOf = (plan: Plan): readonly Listening[] => {
    const found = known.get(plan) ?? listening(plan);
    known.set(plan, found);
    return found;
  };
  return (plans, message) =>
    plans.flatMap((plan) => {
      const heard = listeningOf(plan).filter((one) => concerns(one, message));
      return [...Map.groupBy(heard, ({ signal }) => signal.id)].map(([id, ones]) => ({
        plan: plan.name,
        signal: id,
        sites: ones.map(({ site }) => site),
        lastsSeconds: Math.max(...ones.map(({ signal }) => signal.with.lasts)),
      }));
    });
}

function listening(plan: Plan): readonly Listening[] {
  return Object.keys(plan.sites).flatMap((site) =>
    resolveSignals(plan, site).flatMap((signal) =>
      signal.uses === 'alert'
        ? [
            {
              site,
              signal,
              targets: signal.with.targets?.map(canonicalId) ?? null,
            },
          ]
        : [],
    ),
  );
}

function concerns({ signal, targets }: Listening, message: Message): boolean {
  const { severity } = signal.with;
  return (
    isLike(message.rule, signal.with.rule) &&
    (severity === undefined || severity.includes(message.severity)) &&
    (targets === null || message.targets.some((target) => isWithin(canonicalId(target), targets)))
  );
}

/** Itself, or a part of it: an alert on a database concerns its server. */
function isWithin(target: string, wanted: readonly string[]): boolean {
  return wanted.some((one) => target === one || target.startsWith(`${one}/`));
}

/** Whether a name is written like this, `*` standing for anything. Azure's names of alert rules have no case. */
export function isLike(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const parts = pattern.toLowerCase().split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= from;
}
