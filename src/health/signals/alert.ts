import { instant } from '../../core/clock.ts';
import { saidOf } from '../../records/alerts.ts';
import type { AlertRecord } from '../../records/alerts.ts';
import { readOnce } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Reader, Said, SignalSource, Wanted } from './source.ts';

/** What Azure Monitor's alerts say, which came by themselves and are on record. */
export const alert: SignalSource<'alert'> = {
  isDear: false,
  async read(through, wanted) {
    const longest = Math.max(...wanted.map(({ signal }) => signal.with.lasts));
    const received = await readOnce(
      through,
      wanted,
      () => 'all of them',
      () => through.alerts.since(ago(through, longest)),
    );
    return wanted.map((one) => ({ of: one, ...judge(through, one, received(one)) }));
  },
};

function judge(
  through: Reader,
  { plan, site, signal }: Wanted<'alert'>,
  received: Found<readonly AlertRecord[]>,
): Said {
  if (received.is === 'trouble') return { as: 'unclear', sees: received.words };
  const about = { plan, site, signal: signal.id };
  const said = saidOf(received.value, about, ago(through, signal.with.lasts));
  if (said === null) return { as: 'unclear', sees: 'no alert' };
  const { rule, severity } = said.alert;
  // It holds until it is resolved, and its end until it is fired again, so it is as true now as it was then.
  return said.is === 'fired'
    ? { as: 'bad', sees: `${rule} (${severity}) fired at ${said.at}` }
    : { as: 'good', sees: `${rule} resolved at ${said.at}` };
}

function ago({ clock }: Reader, seconds: number): string {
  return instant(clock.now() - seconds * 1000);
}
