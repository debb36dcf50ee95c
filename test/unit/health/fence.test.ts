import { describe, expect, it } from 'vitest';
import { assessFencing } from '../../../src/health/fence.ts';
import type { Sighting } from '../../../src/health/fence.ts';

const saw = (domain: Sighting['domain'], as: Sighting['as']): Sighting => ({
  observer: domain,
  domain,
  sees: as,
  as,
});
const arm = 'resource-manager';
const probes = 'traffic-manager';
const here = 'our-network';

describe('fencing', () => {
  it.each<[string, readonly Sighting[], string]>([
    ['nobody looks', [], 'unknown'],
    ['one observer sees it stopped', [saw(arm, 'stopped')], 'fenced'],
    [
      'it is stopped though something still answers',
      [saw(arm, 'stopped'), saw(here, 'serving')],
      'fenced',
    ],
    ['two domains see it down', [saw(arm, 'down'), saw(probes, 'down')], 'presumed'],
    [
      'two others see it down',
      [saw(probes, 'down'), saw(here, 'down'), saw(arm, 'unclear')],
      'presumed',
    ],
    ['two views of one domain see it down', [saw(arm, 'down'), saw(arm, 'down')], 'unknown'],
    ['one domain sees it down', [saw(here, 'down'), saw(arm, 'unclear')], 'unknown'],
    [
      'two see it down but it still answers',
      [saw(arm, 'down'), saw(probes, 'down'), saw(here, 'serving')],
      'unknown',
    ],
  ])('when %s: %s', (_what, sightings, state) => {
    expect(assessFencing(sightings, '2026-03-01T10:00:00.000Z').state).toBe(state);
  });

  it('records who saw what', () => {
    expect(assessFencing([saw(arm, 'down'), saw(here, 'serving')], 't').observers).toEqual([
      { observer: arm, sees: 'down', down: true },
      { observer: here, sees: 'serving', down: false },
    ]);
  });
});
