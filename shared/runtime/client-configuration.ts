import { requestHandler } from './request-handler.ts'

/** Endpoint and credentials come from the environment as the SDK documents (AWS_ENDPOINT_URL and its kin). */
export function clientConfiguration(region: string) {
  return { region, maxAttempts: 4, requestHandler: requestHandler(8_000) }
}

/**
 * One set of clients per region for the life of the process: a warm invocation reuses connections and credentials.
 * Nothing else outlives an invocation.
 */
export function clientsPerRegion<C>(make: (region: string) => C): (region: string) => C {
  const held = new Map<string, C>()
  return (region) => {
    const clients = held.get(region) ?? make(region)
    held.set(region, clients)
    return clients
  }
}
