export const ROLES = ['viewer', 'operator', 'approver', 'automation'] as const;
export type Role = (typeof ROLES)[number];
type Headers = Readonly<Record<string, string>>;

/** An app that runs already, on whichever host. */
export interface Target {
  readonly url: string;
  /** How each role that the caller can play lets itself in. */
  readonly credentials: Readonly<Partial<Record<Role, Headers>>>;
  /** The plan that is moved; its application serves from home. */
  readonly plan: string;
  /** The control API of the simulated Azure behind the app, when it can be asked. */
  readonly control: string | null;
  close(): Promise<void>;
}

/** The app that `npm run test:host` names. */
export function namedTarget(url: string, environment: NodeJS.ProcessEnv): Target {
  const token = (role: Role): string | undefined =>
    environment[`PARITY_TOKEN_${role.toUpperCase()}`];
  const signedIn = ROLES.flatMap((role) => {
    const given = token(role);
    return given === undefined ? [] : [[role, { authorization: `Bearer ${given}` }] as const];
  });
  const key = environment['PARITY_KEY'];
  // With keys alone everybody has the role Automation; Core Tools ask for none.
  const keyHolder: Headers = key === undefined ? {} : { 'x-functions-key': key };
  return {
    url: url.replace(/\/+$/, ''),
    credentials: signedIn.length > 0 ? Object.fromEntries(signedIn) : { automation: keyHolder },
    plan: environment['PARITY_PLAN'] ?? 'websphere-cafe',
    control: environment['PARITY_SIMULATOR']?.replace(/\/+$/, '') ?? null,
    close: () => Promise.resolve(),
  };
}
