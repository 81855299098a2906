/** Where a server listens; without a host on every address, of both families where the host has both. */
export interface Listen {
  readonly host?: string
  readonly port: number
}

const form = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]/\s]*)):(?<port>\d{1,5})$/

/** Reads the --http flag: `127.0.0.1:7472`, `[::1]:7472`, `:7472` (every address), or `off`. */
export function parseListen(text: string): Listen | 'off' | { readonly problem: string } {
  if (text === 'off') return 'off'
  const groups = form.exec(text)?.groups
  const port = Number(groups?.['port'] ?? NaN)
  if (!groups || !(port <= 65535)) {
    return { problem: `"${text}" is no place to listen; write HOST:PORT, [IPV6]:PORT, :PORT or off` }
  }
  const host = groups['ipv6'] ?? groups['host']
  return host ? { host, port } : { port }
}

/** As the --http flag has it. */
export function formatListen({ host = '', port }: Listen): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
