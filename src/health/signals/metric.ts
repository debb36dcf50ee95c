import type { Metric, Reading } from '../../azure/access.ts';
import { canonicalId } from '../../core/resource-id.ts';
import { messageOf } from '../../core/errors.ts';
import type { SignalSettings } from '../../plan/signals.ts';
import { judgeNumber } from './bounds.ts';
import { readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Said, SignalSource, Wanted } from './source.ts';

/** The newest value of a metric of Azure Monitor, which is a minute or two old. */
export const metric: SignalSource<'metric'> = {
  isDear: true,
  async read(through, wanted) {
    const together = Map.groupBy(wanted, keyOf);
    // All resources of one metric are asked for together, as Azure Monitor takes them.
    const readings = await readOnce(through, wanted, keyOf, async (one) => {
      const ids = new Map(
        (together.get(keyOf(one)) ?? []).map(({ signal: { with: settings } }) => [
          canonicalId(settings.resource),
          settings.resource,
        ]),
      );
      const found = await through.azure.metrics.readings([...ids.values()], metricOf(one));
      return new Map([...found].map(([id, reading]) => [canonicalId(id), reading]));
    });
    return wanted.map((one) => ({ of: one, ...judge(readings(one), one.signal.with) }));
  },
};

function judge(
  found: Found<ReadonlyMap<string, Reading>>,
  { resource, name, bad }: SignalSettings<'metric'>,
): Said {
  if (found.is === 'trouble') return unclear(found);
  const reading = found.value.get(canonicalId(resource));
  if (reading?.is === 'unread') return { as: 'unclear', sees: messageOf(reading.error) };
  // A dead region sends no metrics, and neither does an idle one.
  if (reading === undefined || reading.is === 'silent')
    return { as: 'unclear', sees: `${name} has no recent value` };
  return { ...judgeNumber(name, reading.value, bad), at: reading.at };
}

function metricOf({ signal: { with: settings } }: Wanted<'metric'>): Metric {
  const { namespace, name, aggregation, filter } = settings;
  return { namespace, name, aggregation, ...(filter === undefined ? {} : { filter }) };
}

function keyOf(one: Wanted<'metric'>): string {
  return JSON.stringify(metricOf(one));
}
