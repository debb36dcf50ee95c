/** Names as the world sees them. */
export interface Dns {
  /** The A records of `name` as `server` (address or address:port; the system's resolver when absent) gives them, after CNAMEs. Empty when there is none. */
  resolve(name: string, server?: string): Promise<readonly string[]>;
  /** The CNAME that `server` gives for `name`; null when there is none. */
  alias(name: string, server?: string): Promise<string | null>;
}
