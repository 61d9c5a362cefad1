/** Names that stay on this machine or in a container network: loopback, or without a dot. */
const isLocal = (hostname: string) =>
  hostname === '[::1]' ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname) ||
  !hostname.includes('.') ||
  hostname.endsWith('.localhost')

/** Secrets never travel in the clear: plain http is for a sandbox beside us. Answers what is wrong. */
export function refuseOpenHttp(
  urls: Readonly<Record<'XERO_LOGIN_URL' | 'XERO_IDENTITY_URL' | 'XERO_API_URL', string>>,
) {
  return (['XERO_LOGIN_URL', 'XERO_IDENTITY_URL', 'XERO_API_URL'] as const)
    .filter((name) => {
      const { protocol, hostname } = new URL(urls[name])
      return protocol !== 'https:' && !(protocol === 'http:' && isLocal(hostname))
    })
    .map((name) => `${name}: must be https; http is for a local sandbox only`)
}
