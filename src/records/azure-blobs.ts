import { isRestError } from '@azure/core-rest-pipeline';
import { BlobServiceClient } from '@azure/storage-blob';
import type { BlockBlobClient, BlockBlobUploadOptions, ContainerClient } from '@azure/storage-blob';
import { SwitchoverError, messageOf } from '../core/errors.ts';
import type { Blobs, ContainerName } from './blobs.ts';
import type { StorageAccount } from './storage-account.ts';

const TRY_TIMEOUT_MS = 10_000;
/** The metadata that tells whose write a document is. */
const WRITE = 'write';

export interface AzureBlobsOptions {
  readonly account: StorageAccount;
  /** Unique ids: one marks each write. */
  readonly newId: () => string;
  readonly retryDelayMs?: number;
}

/**
 * Documents in an Azure storage account. Containers are made on first use.
 *
 * `create` repeats a try whose answer was lost, and then meets its own document: the mark that each write carries
 * tells it from somebody else's, exactly, because a document that was created once is not written again.
 */
export function createAzureBlobs(options: AzureBlobsOptions): Blobs {
  const service = connect(options);
  const opened = new Map<ContainerName, Promise<ContainerClient>>();

  function open(name: ContainerName): Promise<ContainerClient> {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const container = service.getContainerClient(name);
    const opening = container.createIfNotExists().then(() => container);
    opened.set(name, opening);
    opening.catch(() => opened.delete(name));
    return opening;
  }

  async function upload(
    container: ContainerName,
    name: string,
    text: string,
    upload: BlockBlobUploadOptions,
  ): Promise<void> {
    const blob = (await open(container)).getBlockBlobClient(name);
    await blob.upload(text, Buffer.byteLength(text), upload);
  }

  return {
    get: (container, name) =>
      asking(`reading ${container}/${name}`, async () => {
        const blob = (await open(container)).getBlockBlobClient(name);
        return orWhen('BlobNotFound', null, async () => (await blob.downloadToBuffer()).toString());
      }),

    put: (container, name, text, contentType) =>
      asking(`writing ${container}/${name}`, () =>
        upload(container, name, text, { blobHTTPHeaders: { blobContentType: contentType } }),
      ),

    create: (container, name, text, contentType) =>
      asking(`writing ${container}/${name}`, async () => {
        const id = options.newId();
        const written = await orWhen('BlobAlreadyExists', false, async () => {
          await upload(container, name, text, {
            blobHTTPHeaders: { blobContentType: contentType },
            metadata: { [WRITE]: id },
            conditions: { ifNoneMatch: '*' },
          });
          return true;
        });
        return written || isOurs((await open(container)).getBlockBlobClient(name), id);
      }),

    list: (container, prefix) =>
      asking(`listing ${container}/${prefix}`, async () => {
        const names: string[] = [];
        for await (const blob of (await open(container)).listBlobsFlat({ prefix })) {
          names.push(blob.name);
        }
        return names.sort();
      }),
  };
}

function connect(options: AzureBlobsOptions): BlobServiceClient {
  const { account, retryDelayMs } = options;
  const retryOptions = {
    tryTimeoutInMs: TRY_TIMEOUT_MS,
    ...(retryDelayMs === undefined ? {} : { retryDelayInMs: retryDelayMs }),
  };
  return 'connection' in account
    ? BlobServiceClient.fromConnectionString(account.connection, { retryOptions })
    : new BlobServiceClient(account.url, account.credential, { retryOptions });
}

async function isOurs(blob: BlockBlobClient, id: string): Promise<boolean> {
  const { metadata } = await blob.getProperties();
  return metadata?.[WRITE] === id;
}

async function orWhen<T>(code: string, otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isRestError(error) && (error.code === code || codeOf(error.details) === code)) {
      return otherwise;
    }
    throw error;
  }
}

/** The answer to HEAD has no body: its code is in a header, which the SDK puts into the details. */
function codeOf(details: unknown): unknown {
  return typeof details === 'object' && details !== null && 'errorCode' in details
    ? details.errorCode
    : undefined;
}

async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new SwitchoverError(
      'STORE_UNAVAILABLE',
      `The document store failed ${what}: ${messageOf(error)}. Check the storage account and the app's role on it. A write may have been made all the same.`,
      { cause: error },
    );
  }
}
