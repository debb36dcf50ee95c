import { z } from 'zod';
import type { Json } from '../core/json.ts';
import { jsonObject } from './atoms.ts';
import type { Path } from './problem.ts';
import type { Place } from './scope.ts';
import { writtenSignal } from './watch.ts';
import type { Signal } from './watch.ts';
import { writtenPlan, writtenStep } from './written.ts';
import type { WrittenPlan, WrittenStep } from './written.ts';

/**
 * The parts of a plan file that have their right shape, each taken alone: a mistake in one part must not hide the
 * mistakes in the others.
 */
export interface Pieces {
  readonly home: string | null;
  /** Known as soon as `sites` is a mapping, whatever is wrong inside. */
  readonly siteNames: readonly string[] | null;
  /** Only what templates find in them. */
  readonly sites: Readonly<Record<string, Place>> | null;
  readonly fencing: WrittenPlan['fencing'] | null;
  readonly databases: WrittenPlan['dataLoss']['databases'] | null;
  readonly signals: readonly LocatedSignal[];
  readonly stages: readonly LocatedStep[];
  /** Null when the way home has no stages of its own. */
  readonly failbackStages: readonly LocatedStep[] | null;
  /** Null when the plan has no rehearsal. */
  readonly rehearsalStages: readonly LocatedStep[] | null;
  readonly drills: WrittenPlan['drills'] | null;
}

export interface LocatedStep {
  readonly path: Path;
  readonly step: WrittenStep;
}

export interface LocatedSignal {
  readonly path: Path;
  readonly signal: Signal;
}

const places = z.record(z.string(), z.object({ resources: jsonObject }));

export function piecesOf(value: Json): Pieces {
  const { home, fencing, dataLoss, drills } = writtenPlan.shape;
  return {
    home: piece(home, member(value, 'home')),
    siteNames: namesOf(member(value, 'sites')),
    sites: piece(places, member(value, 'sites')),
    fencing: piece(fencing, member(value, 'fencing')),
    databases: piece(dataLoss, member(value, 'dataLoss'))?.databases ?? null,
    signals: signalsOf(member(member(value, 'watch'), 'signals')),
    stages: stepsOf(member(value, 'stages'), ['stages']),
    failbackStages: ownStages(value, 'failback'),
    rehearsalStages: ownStages(value, 'rehearsal'),
    drills: piece(drills, member(value, 'drills')),
  };
}

function ownStages(value: Json, section: 'failback' | 'rehearsal'): LocatedStep[] | null {
  const written = member(value, section);
  return written === undefined ? null : stepsOf(member(written, 'stages'), [section, 'stages']);
}

function stepsOf(stages: Json | undefined, path: Path): LocatedStep[] {
  return entriesOf(stages).flatMap(([stage, written]) =>
    entriesOf(member(written, 'steps')).flatMap(([index, value]) => {
      const step = piece(writtenStep, value);
      return step === null ? [] : [{ path: [...path, stage, 'steps', index], step }];
    }),
  );
}

function signalsOf(signals: Json | undefined): LocatedSignal[] {
  return entriesOf(signals).flatMap(([index, value]) => {
    const signal = piece(writtenSignal, value);
    return signal === null ? [] : [{ path: ['watch', 'signals', index], signal }];
  });
}

function piece<T>(schema: z.ZodType<T>, value: Json | undefined): T | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function entriesOf(value: Json | undefined): readonly [number, Json][] {
  return Array.isArray(value) ? [...(value as readonly Json[]).entries()] : [];
}

function namesOf(value: Json | undefined): readonly string[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.keys(value);
}

function member(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
