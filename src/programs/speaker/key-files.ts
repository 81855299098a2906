import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asError } from '../../platform/kubernetes/api-error.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'

/** What is shorter can be guessed. */
export const leastKeyBytes = 16

/** Where the files are, and the Secret that they come from, which is named to whoever has to mend it. */
export interface KeyPlace {
  readonly directory: string
  readonly namespace: string
  readonly secret: string
}

/** Reads the keys from the files `current` and `previous`; throws an Error that says what is wrong and what would mend it. */
export function readKeys(place: KeyPlace): HeartbeatKeys {
  const current = readKey(place, 'current')
  if (!current) throw new Error(`${fileOf(place, 'current')} is not there: ${makeSecret(place)}`)
  const previous = readKey(place, 'previous')
  return previous && Buffer.compare(previous, current) !== 0 ? { current, previous } : { current }
}

/** An empty `previous` is as good as none. */
function readKey(place: KeyPlace, name: keyof HeartbeatKeys): Uint8Array | undefined {
  const file = fileOf(place, name)
  const key = readIfThere(file)
  if (!key || (name === 'previous' && key.length === 0)) return undefined
  if (key.length >= leastKeyBytes) return key
  const words = `${file} holds ${key.length} bytes, and a heartbeat key has ${leastKeyBytes} or more`
  throw new Error(`${words}: ${makeSecret(place)} --dry-run=client -o yaml | kubectl apply -f -`)
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read: ${asError(cause).message}`, { cause })
  }
}

function fileOf({ directory }: KeyPlace, name: keyof HeartbeatKeys): string {
  return join(directory, name)
}

function makeSecret({ namespace, secret }: KeyPlace): string {
  const literal = '--from-literal=current="$(head -c 32 /dev/urandom | base64)"'
  return `kubectl -n ${namespace} create secret generic ${secret} ${literal}`
}
