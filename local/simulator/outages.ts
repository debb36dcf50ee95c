import type { Outages, OutageSize } from './service.ts';

export interface RegionOutages extends Outages {
  set(region: string, size: OutageSize): void;
  all(): Readonly<Record<string, OutageSize>>;
}

export function createOutages(): RegionOutages {
  const sizes = new Map<string, OutageSize>();
  const listeners: ((region: string) => void)[] = [];
  const of = (region: string): OutageSize => sizes.get(region.toLowerCase()) ?? 'none';
  return {
    of,
    dead: (region) => ['data', 'control'].includes(of(region)),
    databasesDead: (region) => ['database', 'data', 'control'].includes(of(region)),
    onChange: (listener) => void listeners.push(listener),
    set: (region, size) => {
      if (size === 'none') sizes.delete(region.toLowerCase());
      else sizes.set(region.toLowerCase(), size);
      for (const listener of listeners) listener(region.toLowerCase());
    },
    all: () => Object.fromEntries(sizes),
  };
}
