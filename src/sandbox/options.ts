export interface SandboxOptions {
  /** 1 to 20. */
  readonly nodes: number
  /** IPv6 beside IPv4 on the LAN. */
  readonly dualStack?: boolean
  /** False leaves the real controller out, for a test that stands in for it. */
  readonly controller?: boolean
  /** False leaves the real speakers out. */
  readonly speakers?: boolean
  /** How often speakers send heartbeats, as in the chart: `10ms`. */
  readonly heartbeat?: string
  /** For every process: trace, debug, info (the default), warn, error, fatal or silent. */
  readonly logLevel?: string | undefined
  /** The folder with the programs' bundles; dist/ unless told otherwise. */
  readonly programs?: string
  /** Where the scratch directory is made; the system's place for temporary files unless told otherwise. */
  readonly parentDirectory?: string
  readonly readyWithinMs?: number
  /** Gives up starting, and undoes what was done. */
  readonly signal?: AbortSignal
  /** Hears what a person would want to know: `controller ended (SIGKILL), starting again in a second`. */
  readonly onWords?: (words: string) => void
}

export const mostNodes = 20
