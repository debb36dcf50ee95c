/** Documents too large for a row, and the evidence container, which is immutable in Azure. */
export interface Blobs {
  /** Null when there is none. */
  get(container: ContainerName, name: string): Promise<string | null>;
  put(container: ContainerName, name: string, text: string, contentType: string): Promise<void>;
  /** Writes once; false when a document of that name exists already. */
  create(
    container: ContainerName,
    name: string,
    text: string,
    contentType: string,
  ): Promise<boolean>;
  list(container: ContainerName, prefix: string): Promise<readonly string[]>;
}

export type ContainerName = 'evidence' | 'executions' | 'plans';
