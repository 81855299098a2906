import { annotations } from '../api/names.ts'
import type { Labels } from '../pool/selector.ts'
import { kubeVipAddresses, metallbSharing, namesFor } from './compatibility.ts'
import type { Asked, Compatibility } from './compatibility.ts'
import type { Remark } from './remark.ts'
import { contradictionIn, lonelySharing, unknownIn, unreachedFamilies } from './service-remarks.ts'
import type { Reached, Said } from './service-remarks.ts'

/** What a Service asks for, in annotations of ours or of others, and what there is to remark on that. */
export interface Wishes {
  /** The annotation that asks for addresses. */
  readonly asksFor: Said | undefined
  /** `spec.loadBalancerIP`. */
  readonly asksForIP: string | undefined
  readonly asksPool: string | undefined
  readonly sharingKey: string | undefined
  /** The namespaces with whose Services it would share, as it is written: a comma list. */
  readonly sharingNamespaces: string | undefined
  readonly preferredNode: string | undefined
  /** What is legal in it and surely unmeant. */
  readonly remarks: readonly Remark[]
}

/** Reads what the annotations and the fields of a Service ask for. */
export function wishesOf(
  spec: Reached & { readonly loadBalancerIP?: string },
  annotated: Labels,
  compatibility: Compatibility,
): Wishes {
  const said = (asked: Asked): readonly Said[] => saidIn(annotated, namesFor(asked, compatibility))
  const [addresses, pools, keys] = [said('addresses'), said('pool'), said('sharingKey')]
  const isCopied = addresses.some(({ source }) => source === kubeVipAddresses)
  const sharingNamespaces = sharingNamespacesIn(annotated, keys)
  const remarks = [
    ...unreachedFamilies(spec),
    ...[addresses, pools, keys].flatMap(contradictionIn),
    ...lonelySharing(keys[0]?.text, sharingNamespaces),
    ...unknownIn(annotated),
  ]
  return {
    asksFor: addresses[0],
    asksForIP: isCopied ? undefined : textOf(spec.loadBalancerIP),
    asksPool: pools[0]?.text,
    sharingKey: keys[0]?.text,
    sharingNamespaces,
    preferredNode: textOf(annotated[annotations.preferredNode]),
    remarks: remarks.length > 0 ? remarks : none,
  }
}

/** One list for all Services that there is nothing to remark on. */
const none: readonly Remark[] = []

function saidIn(annotated: Labels, names: readonly string[]): readonly Said[] {
  return names.flatMap((source) => {
    const text = textOf(annotated[source])
    return text === undefined ? [] : [{ source, text }]
  })
}

/** Whoever names a sharing key MetalLB's way shares with all namespaces, unless an annotation of ours says with which. */
function sharingNamespacesIn(annotated: Labels, keys: readonly Said[]): string | undefined {
  const own = textOf(annotated[annotations.sharingNamespaces])
  const isTheirs = keys.some(({ source, text }) => metallbSharing.includes(source) && text === keys[0]?.text)
  return own ?? (isTheirs ? '*' : undefined)
}

/** The text without blanks around it; undefined when nothing is left. */
function textOf(text: string | undefined): string | undefined {
  return text?.trim() || undefined
}
