/** Milliseconds to make a connection. */
const CONNECTION_TIMEOUT = 3_000

/**
 * Real time limits of an SDK client, `requestTimeout` in milliseconds: the SDK's default is to wait for ever, and `requestTimeout`
 * alone only warns.
 */
export function requestHandler(requestTimeout: number) {
  return { connectionTimeout: CONNECTION_TIMEOUT, requestTimeout, throwOnRequestTimeout: true }
}
