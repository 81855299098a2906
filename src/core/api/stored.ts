import * as z from 'zod'
import type { AddressPoolSpec, AddressPoolStatus } from './address-pool.ts'
import { addressPoolSpec, addressPoolStatus } from './address-pool.ts'
import { explainIssue, fieldProblems, withoutNulls } from './validate.ts'

/** What we use of an object's metadata. */
export interface Metadata {
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation: number
  /** RFC 3339, as the API server wrote it; texts of one length, so that they sort by age. */
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string | undefined
}

/** An AddressPool as stored, its defaults filled in; a status that cannot be read is left out, for it will be written anew. */
export interface StoredAddressPool {
  readonly metadata: Metadata
  readonly spec: AddressPoolSpec
  readonly status: AddressPoolStatus | undefined
}

/** A pool as stored, or why its spec cannot be used; the metadata is there either way, to say so in a condition. */
export type Stored =
  | { readonly ok: StoredAddressPool }
  | { readonly metadata: Metadata; readonly problem: string }

const metadata = z.object({
  name: z.string().catch(''),
  uid: z.string().catch(''),
  resourceVersion: z.string().catch(''),
  generation: z.number().catch(0),
  creationTimestamp: z.string().catch(''),
  deletionTimestamp: z.string().optional().catch(undefined),
})

const object = z.object({
  metadata: metadata.catch(() => metadata.parse({})),
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
})

// Which entries can be read is for the pool to say: one that cannot must not hide the others.
const anyEntries = z.array(z.string())
const storedPoolSpec = addressPoolSpec.extend({ addresses: anyEntries, exclude: anyEntries.default([]) })

/**
 * Reads an AddressPool as the API server stored it, whatever an older or newer version let pass. Never throws.
 * The text of its address entries is taken as it stands.
 */
export function readAddressPool(raw: unknown): Stored {
  const found = object.safeParse(withoutNulls(raw))
  const { metadata: meta, spec, status } = found.success ? found.data : object.parse({})
  const parsed = storedPoolSpec.safeParse(spec, { error: explainIssue })
  if (!parsed.success) return { metadata: meta, problem: problemOf(parsed.error) }
  return { ok: { metadata: meta, spec: parsed.data, status: addressPoolStatus.safeParse(status).data } }
}

const problemsShown = 5

function problemOf(error: z.ZodError): string {
  const problems = fieldProblems(error, 'spec').map(({ path, message }) => `${path}: ${message}`)
  const more = problems.length - problemsShown
  return [...problems.slice(0, problemsShown), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
