import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepEvidence } from '../../../../local/demo/evidence-files.ts';
import { afterwards } from '../../../../local/demo/hints.ts';
import { buildEvidence } from '../../../../src/report/evidence.ts';
import { story } from '../../report/story.ts';

describe('the demo, when it is over', () => {
  const planned = { planned: true } as const;
  const unplanned = { planned: false } as const;
  const skipped = [{ id: 'stop-machines', state: 'skipped' }] as const;

  it.each([
    ['a run that went as it should', { state: 'succeeded', steps: skipped } as const, planned, []],
    [
      'a fault for a step that this kind of run leaves out',
      { state: 'succeeded', steps: skipped } as const,
      { ...planned, fail: 'stop-machines' },
      ['stop-machines is no step of a planned run'],
    ],
    [
      'a choice that nobody was asked for',
      { state: 'succeeded', steps: [] } as const,
      { ...unplanned, then: 'retry' as const },
      ['The run did not pause'],
    ],
    [
      'a pause, whose choices reach nobody any more',
      { state: 'paused', steps: [{ id: 'addresses', state: 'failed' }] } as const,
      { ...unplanned, fail: 'addresses' },
      ['add --then retry, skip or cancel'],
    ],
  ])('says what is to be known after %s', (_, ended, options, notes) => {
    expect(afterwards(ended, options)).toEqual(
      notes.map((note) => expect.stringContaining(note) as string),
    );
  });

  it('keeps the evidence of an earlier one with the same id', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchover-'));
    const evidence = buildEvidence(story());
    const first = await keepEvidence(evidence, folder);
    const second = await keepEvidence({ ...evidence, writtenAt: 'later' }, folder);
    expect([first, second]).toEqual([join(folder, 'fo-1.json'), join(folder, 'fo-1-2.json')]);
    expect(readFileSync(first, 'utf8')).toContain(evidence.writtenAt);
    expect(readFileSync(second.replace(/json$/, 'md'), 'utf8')).toContain('later');
    rmSync(folder, { recursive: true });
  });
});
