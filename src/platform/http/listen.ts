/** Where a server listens. */
export interface Listen {
  readonly host: string
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
  return { host: groups['ipv6'] ?? (groups['host'] || '0.0.0.0'), port }
}
