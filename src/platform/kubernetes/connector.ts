import type { buildConnector } from 'undici'
import connectorWith from 'undici/lib/core/connect.js'
import { asError } from './api-error.ts'
import type { ApiConfig } from './config.ts'

/**
 * How long a connection may take to come about. A first packet that went astray, on a node whose kube-proxy is not there
 * yet, is followed by others of the same connection that go astray as well; so in the first seconds a new one is begun soon.
 */
const patienceMs = { atFirst: 1_000, later: 5_000, firstMs: 5_000 }

/**
 * Asks for the TLS material at each new connection, so that rotated files are taken up without a restart: at once when
 * the server shows a certificate that what is remembered does not trust, after a while in any case.
 */
export function connectorFor(config: ApiConfig): buildConnector.connector {
  const settings = { keepAlive: true, keepAliveInitialDelay: 15_000 }
  let awaySinceMs = performance.now()
  let isDistrusted = false
  return (options, callback) => {
    const isNew = performance.now() - awaySinceMs < patienceMs.firstMs
    const timeout = isNew ? patienceMs.atFirst : patienceMs.later
    const connected: buildConnector.Callback = (...outcome) => {
      const [error] = outcome
      if (error === null) awaySinceMs = Infinity
      else if (awaySinceMs === Infinity) awaySinceMs = performance.now()
      isDistrusted = error !== null && isAboutTrust(error)
      callback(...outcome)
    }
    config.tls(isDistrusted).then(
      (tls) => connectorWith({ ...settings, timeout, ...tls })(options, connected),
      (error: unknown) => callback(asError(error), null),
    )
  }
}

function isAboutTrust(error: Error): boolean {
  return 'code' in error && /CERT|SELF_SIGNED|UNABLE_TO/.test(String(error.code))
}
