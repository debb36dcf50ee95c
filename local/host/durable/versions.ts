/**
 * `versionMatchStrategy: CurrentOrOlder`, the default: an instance newer than the app's `defaultVersion` is left for a
 * newer app and stays Pending; without a `defaultVersion` any version is newer.
 */
export function mayRun(version: string | null, defaultVersion: string | null): boolean {
  if (version === null || version === '') return true;
  return defaultVersion !== null && compareVersions(version, defaultVersion) <= 0;
}

/** Dotted numbers by number, anything else as text without case. */
function compareVersions(left: string, right: string): number {
  const [one, other] = [left.split('.'), right.split('.')];
  if (![...one, ...other].every((part) => /^\d+$/.test(part))) {
    return left.toLowerCase().localeCompare(right.toLowerCase(), 'en');
  }
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = Number(one[index] ?? 0) - Number(other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
