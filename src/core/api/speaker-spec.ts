import * as z from 'zod'
import type { Frozen } from './frozen.ts'
import { address, manyAddresses, nodeName, revision } from './speaker-fields.ts'
import { shaped } from './twin.ts'

const placedAddress = z.object({
  address: shaped(address, /^[0-9A-Fa-f.:]+$/, 'is not an IP address').describe('The address.'),
  revision: revision.describe('The revision of the placement that gave the address to this node.'),
  pool: z.string().max(253).describe('The AddressPool that the address belongs to.'),
  services: z
    .array(z.string().max(317))
    .max(256)
    .describe('The Services that hold the address, as namespace/name.'),
  preferredNode: nodeName
    .optional()
    .describe(
      'The node that the Services asked for when the address was placed, by the annotation lanlord.dev/preferred-node. When they ask for another one, the address is placed anew.',
    ),
})

/** What the controller asks of a node's speaker: the placement. */
export const speakerSpec = z
  .object({
    revision: revision
      .default(0)
      .describe(
        'The greatest placement revision that was written here. One counter serves the whole cluster: the newer placement of an address holds.',
      ),
    addresses: z
      .array(placedAddress)
      .max(manyAddresses)
      .default([])
      .describe(
        'The addresses that this node should announce. While it cannot, another node does without being asked.',
      ),
  })
  .describe('What this node should announce. Written by the controller.')

/** A speaker's spec as read. */
export type SpeakerSpec = Frozen<z.output<typeof speakerSpec>>
