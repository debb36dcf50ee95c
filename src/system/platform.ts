import { randomUUID } from 'node:crypto';
import { managedIdentity } from '../azure/credential.ts';
import { SwitchoverError } from '../core/errors.ts';
import type { LogEntry } from '../core/log.ts';
import { folderSource } from '../plan/folder-source.ts';
import type { Platform } from '../platform.ts';
import { createAzureBlobs } from '../records/azure-blobs.ts';
import { createAzureTables } from '../records/azure-tables.ts';
import { storageAccount } from '../records/storage-account.ts';
import { parseSettings } from '../settings.ts';
import type { Settings } from '../settings.ts';
import { systemClock } from './clock.ts';
import { systemDns } from './dns.ts';
import { systemHttp } from './http.ts';

/** Production: this machine's clock and network, an Azure storage account, settings from the environment. */
export function systemPlatform(
  environment: Readonly<Record<string, string | undefined>>,
): Platform {
  const settings = parseSettings(environment);
  const http = systemHttp();
  const credential = managedIdentity(http, settings.AZURE_CLIENT_ID);
  const account = (own: keyof Settings, host: string): ReturnType<typeof storageAccount> => {
    // The host's own storage serves when nothing else is said: as a connection string, or as an address per service.
    const setting = settings[own] ?? environment[host] ?? environment['AzureWebJobsStorage'];
    if (setting !== undefined) return storageAccount(setting, credential);
    throw new SwitchoverError(
      'SETTING_INVALID',
      `Where are the records to be kept? Set ${own} to the address of a storage account, or ${host}.`,
    );
  };
  return {
    settings,
    clock: systemClock,
    random: Math.random,
    http,
    dns: systemDns,
    tables: createAzureTables({
      account: account('SWITCHOVER_TABLES', 'AzureWebJobsStorage__tableServiceUri'),
      newId: randomUUID,
    }),
    blobs: createAzureBlobs({
      account: account('SWITCHOVER_BLOBS', 'AzureWebJobsStorage__blobServiceUri'),
      newId: randomUUID,
    }),
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
