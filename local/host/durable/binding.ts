/** Where the management API lies; the same paths as on the platform. */
export const WEBHOOK_PATH = '/runtime/webhooks/durabletask';
/** The SDK's own door, apart from the public one. */
export const RPC_PATH = '/durabletask';

/** Addresses that steer one instance. `key` is the system key that the public door asks for. */
export function managementUrls(origin: string, id: string, key: string): Record<string, string> {
  const instance = `${origin}${WEBHOOK_PATH}/instances/${encodeURIComponent(id)}`;
  const query = `taskHub=${TASK_HUB}&connection=Storage&code=${encodeURIComponent(key)}`;
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

const TASK_HUB = 'LocalHub';

/** What the durableClient input binding hands to the SDK. */
export function clientBinding(origin: string, rpcOrigin: string, key: string): string {
  const create = `${origin}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]?code=${encodeURIComponent(key)}`;
  return JSON.stringify({
    taskHubName: TASK_HUB,
    creationUrls: {
      createNewInstancePostUri: create,
      createAndWaitOnNewInstancePostUri: `${create}&timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}`,
    },
    managementUrls: {
      ...managementUrls(origin, 'INSTANCEID', key),
      rewindPostUri: `${origin}${WEBHOOK_PATH}/instances/INSTANCEID/rewind?reason={text}&code=${encodeURIComponent(key)}`,
    },
    baseUrl: `${origin}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: `code=${encodeURIComponent(key)}`,
    // Relative addresses are resolved against it: the slash at the end matters.
    rpcBaseUrl: `${rpcOrigin}${RPC_PATH}/`,
  });
}
