import { canonicalId } from '../../src/core/resource-id.ts';
import type { Fault, FaultKind } from './service.ts';

const OF_OPERATIONS: readonly FaultKind[] = ['fail-operation', 'stuck-operation', 'slow-operation'];

/** Faults of the request itself: the gateway's business. */
export const OF_REQUESTS: readonly FaultKind[] = [
  'lose-reply',
  'arrive-late',
  'slow-reply',
  'fail-before',
  'respond',
];

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** What is still to come. */
  pending(): readonly Fault[];
  take(operation: string, resource: string, kinds?: readonly FaultKind[]): Fault | null;
}

export function createFaults(): Faults {
  let faults: readonly Fault[] = [];
  return {
    add: (fault) => {
      faults = [...faults, fault];
    },
    clear: () => {
      faults = [];
    },
    pending: () => faults,
    take: (operation, resource, kinds = OF_OPERATIONS) => {
      const found = faults.find(
        (fault) => kinds.includes(fault.kind) && matches(fault, operation, resource),
      );
      if (found === undefined) return null;
      faults = faults.flatMap((fault) => {
        if (fault !== found) return [fault];
        return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
      });
      return found;
    },
  };
}

function matches(fault: Fault, operation: string, resource: string): boolean {
  return (
    fault.operation.toLowerCase() === operation.toLowerCase() &&
    canonicalId(resource).includes(fault.resource.toLowerCase())
  );
}
