/**
 * Whether a task on Fargate fetches the registry token through its own network interface: Linux tasks of platform versions
 * up to 1.3 do not, Fargate does it for them outside the VPC. A version that is not stated is the latest.
 */
export function fetchesTokenInVpc(platformVersion: string | undefined, operatingSystem: 'linux' | 'windows'): boolean {
  if (operatingSystem === 'windows') return true
  const [major = 1, minor = 4] = (platformVersion ?? 'LATEST').split('.').map(Number)
  return Number.isNaN(major) || major > 1 || minor >= 4
}
