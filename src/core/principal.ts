export const ROLES = ['Viewer', 'Operator', 'Approver', 'Author', 'Automation'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks or approves. A function key is a principal without a person: it never approves. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly kind: 'person' | 'application' | 'key' | 'system';
  readonly roles: readonly Role[];
}

/** Switchover itself: its timers, its reaper. */
export const SYSTEM: Principal = {
  id: 'switchover',
  name: 'Switchover',
  kind: 'system',
  roles: [],
};
