const HOST = 'AzureWebJobsStorage';

/**
 * Where one of the app's stores is kept: an address or a connection string. The host's own storage serves when
 * nothing else is said, in each form in which the Functions host takes it; an empty setting says nothing.
 */
export function storageSetting(
  environment: Readonly<Record<string, string | undefined>>,
  own: string | undefined,
  service: 'table' | 'blob',
): string | null {
  const account = environment[`${HOST}__accountName`];
  const candidates = [
    own,
    environment[`${HOST}__${service}ServiceUri`],
    environment[HOST],
    account === undefined || account === ''
      ? undefined
      : `https://${account}.${service}.core.windows.net`,
  ];
  return candidates.find((one) => one !== undefined && one !== '') ?? null;
}
