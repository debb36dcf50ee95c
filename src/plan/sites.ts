import type { Pieces } from './pieces.ts';
import type { Complaint } from './problem.ts';
import { RESERVED } from './scope.ts';
import { suggestion } from './suggestion.ts';

export function siteComplaints({ home, siteNames: names }: Pieces): Complaint[] {
  if (names === null) return [];
  const complaints: Complaint[] = names
    .filter((name) => RESERVED.some((word) => word === name))
    .map((name) => ({
      path: ['sites', name],
      key: true,
      message: `a site cannot be called "${name}": templates use the word`,
    }));
  if (names.length !== 2) {
    complaints.push({
      path: ['sites'],
      key: true,
      message: `expected exactly two sites, found ${names.length === 0 ? 'none' : names.join(', ')}`,
    });
  }
  if (home !== null && !names.includes(home)) {
    complaints.push({
      path: ['home'],
      message: `expected one of the sites ${names.join(', ')}, found "${home}"${suggestion(home, names)}`,
    });
  }
  return complaints;
}

/** Pieces whose sites are in order: only then can what refers to them be judged. */
export interface ReadyPieces extends Pieces {
  readonly home: string;
  readonly sites: NonNullable<Pieces['sites']>;
}

export function readyPieces(pieces: Pieces): ReadyPieces | null {
  const { sites, siteNames, failbackStages } = pieces;
  const [first, second, ...more] = siteNames ?? [];
  if (sites === null || first === undefined || second === undefined || more.length > 0) return null;
  if (pieces.home === first || pieces.home === second) {
    return { ...pieces, sites, home: pieces.home };
  }
  // Which site is home matters only where the way back has stages of its own.
  return failbackStages === null ? { ...pieces, sites, home: first } : null;
}
