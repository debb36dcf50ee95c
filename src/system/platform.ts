import { randomUUID } from 'node:crypto';
import { managedIdentity } from '../azure/credential.ts';
import { createReader } from '../azure/reader.ts';
import { SwitchoverError } from '../core/errors.ts';
import type { LogEntry } from '../core/log.ts';
import { folderSource } from '../plan/folder-source.ts';
import type { Platform } from '../platform.ts';
import { createAzureBlobs } from '../records/azure-blobs.ts';
import { createAzureTables } from '../records/azure-tables.ts';
import { storageAccount } from '../records/storage-account.ts';
import type { StorageAccount } from '../records/storage-account.ts';
import { parseSettings, secretsIn } from '../settings.ts';
import { systemClock } from './clock.ts';
import { systemDns } from './dns.ts';
import { systemHttp } from './http.ts';
import { systemProbes } from './probes.ts';
import { storageSetting } from './storage.ts';

/** Production: this machine's clock and network, an Azure storage account, settings from the environment. */
export function systemPlatform(
  environment: Readonly<Record<string, string | undefined>>,
): Platform {
  const settings = parseSettings(environment);
  const http = systemHttp();
  const clock = systemClock;
  const random = Math.random;
  // Tokens are asked for again on passing trouble: the SDK's own repeats are off.
  const reader = createReader({ http, clock, random, log });
  const credential = managedIdentity(reader, settings.AZURE_CLIENT_ID);
  const account = (own: 'SWITCHOVER_TABLES' | 'SWITCHOVER_BLOBS'): StorageAccount => {
    const service = own === 'SWITCHOVER_TABLES' ? 'table' : 'blob';
    const setting = storageSetting(environment, settings[own], service);
    if (setting !== null) return storageAccount(setting, credential);
    throw new SwitchoverError(
      'SETTING_INVALID',
      `Where are the records to be kept? Set ${own} to the address of a storage account, or AzureWebJobsStorage.`,
    );
  };
  return {
    settings,
    secrets: secretsIn(environment),
    clock,
    random,
    http,
    probes: systemProbes(settings.SWITCHOVER_PROBE_PROXY),
    dns: systemDns(settings.SWITCHOVER_RESOLVER),
    tables: createAzureTables({ account: account('SWITCHOVER_TABLES'), newId: randomUUID }),
    blobs: createAzureBlobs({ account: account('SWITCHOVER_BLOBS'), newId: randomUUID }),
    plans: folderSource(settings.SWITCHOVER_PLANS),
    log,
  };
}

/** The host collects what the worker prints. */
function log({ level, message, data }: LogEntry): void {
  const text = JSON.stringify({ message, ...data });
  if (level === 'error') console.error(text);
  else if (level === 'warning') console.warn(text);
  else console.info(text);
}
