import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** A name for this process alone: two on one machine that had the same would share the Lease, and both write. */
export function ownIdentity(): string {
  return `${hostname()}_${randomBytes(4).toString('hex')}`
}
