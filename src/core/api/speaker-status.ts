import * as z from 'zod'
import { conditions, moment } from './condition.ts'
import type { Frozen } from './frozen.ts'
import { address, manyAddresses, nodeName, revision } from './speaker-fields.ts'

const mac = z.string().max(17)
const interfaceName = z.string().max(15)

/** As many conflicts as a Speaker's status has room for; a cluster in which every node answers has one for each address. */
export const manyConflicts = 1024

/**
 * As many addresses of others as a Speaker's status has room for: more than are asked for ahead, for what does not stand
 * there is given out.
 */
export const manyForeign = 1024

/** As many findings of its tests as a Speaker's status has room for. */
export const manyFindings = 256

/** As many who answer for one address as a finding names. */
export const manyAnswerers = 8

/** As many others that are no peers as a Speaker's status has room for. */
export const manyEstranged = 64

/** As many routers of one interface as its status has room for. */
export const manyGateways = 16

/** As many interfaces that are not used as a Speaker's status has room for. */
export const manyUnused = 64

/** As many addresses that are held back as a Speaker's status has room for. */
export const manyHeldBack = 1024

const linkState = z
  .enum(['Up', 'Down'])
  .describe('Up: it is switched on and has a carrier. Down: it is switched off, or the cable is out.')

const ownAddresses = z
  .array(z.string().max(49))
  .max(256)
  .describe('Its own addresses with their prefix lengths.')

const interfaceStatus = z.object({
  name: interfaceName.describe('The name of the interface.'),
  mac: mac.describe('Its MAC address, which answers carry.'),
  link: linkState.optional(),
  addresses: ownAddresses,
  gateways: z
    .array(address)
    .max(manyGateways)
    .optional()
    .describe(
      'The routers that the node reaches through it by a default route. Absent when there are none. An AddressPool that gives out one of them says so.',
    ),
  segment: z
    .string()
    .max(253)
    .optional()
    .describe(
      'The LAN segment it is on, by the name of the interface of this node that speaks there. Where that is another one, both are on one segment, and nothing is announced on this one.',
    ),
})

const unusedInterface = z.object({
  name: interfaceName.describe('The name of the interface.'),
  mac: mac.optional().describe('Its MAC address, if it has one.'),
  link: linkState,
  addresses: ownAddresses,
  reason: z.string().max(64).describe('Why nothing is announced on it, as one word from a closed list.'),
  message: z.string().max(1024).describe('Why, with the values and with what would mend it, for people.'),
})

const announcedAddress = z.object({
  address: address.describe('The address.'),
  interface: interfaceName.describe('The interface on which this node answers for it.'),
  mac: mac.describe('The MAC address that the answers carry.'),
  since: moment.describe('Since when.'),
  cause: z.string().max(64).describe('Why this node announces it, as one word from a closed list.'),
  unproven: z
    .boolean()
    .optional()
    .describe(
      'True when the address was new, no connection to it through the kube-proxy of this node came about within two seconds, and it is announced all the same.',
    ),
})

const heldBackAddress = z.object({
  address: address.describe('The address.'),
  since: moment.describe('Since when.'),
  until: moment.describe('When it is announced at the latest, whatever is known then.'),
  waitsFor: z
    .enum(['Forwarding', 'Answers'])
    .describe(
      'What it waits for. Forwarding: that this node forwards what comes for it, which its kube-proxy has to be ready for. Answers: that nobody on the LAN says it is theirs.',
    ),
})

const peer = z.object({
  node: nodeName.describe('The node of the other speaker.'),
  interface: interfaceName.describe('The interface of this node on which it is heard.'),
  since: moment.describe('Since when it is heard without a break.'),
})

const conflict = z.object({
  address: address.describe('The address.'),
  mac: mac.describe('The MAC address of the other device that answers for it, or claims it.'),
  node: nodeName
    .optional()
    .describe('The node that the MAC address belongs to, if another speaker says that it is its own.'),
  interface: interfaceName.describe('The interface of this node on which that was heard.'),
  since: moment.describe('Since when. It goes a while after the other device was heard last.'),
  insists: z
    .boolean()
    .optional()
    .describe(
      'True when the other device claims the address again and again though each claim was answered: from then on that is answered once in ten seconds at the most, as RFC 5227 (2.4 c) wants it.',
    ),
})

const foreignAddress = z.object({
  address: address.describe('The address.'),
  mac: mac.describe('The MAC address of the other device.'),
  interface: interfaceName.describe('The interface of this node on which it was heard.'),
  seen: moment.describe('When it was heard last, a few minutes behind.'),
  withheld: z
    .boolean()
    .optional()
    .describe(
      'True when a Service was given the address and this node was to announce it for the first time: it does not, and the Service gets another one.',
    ),
})

const estranged = z.object({
  reason: z
    .enum(['UnknownKey', 'OneWay', 'WireOnly'])
    .describe(
      'UnknownKey: its heartbeats are signed with a key that this speaker does not have. OneWay: it is heard, and does not hear this one. WireOnly: its heartbeats do not come, and it answers ARP or NDP all the same.',
    ),
  interface: interfaceName.describe('The interface of this node on which it is noticed.'),
  node: nodeName.optional().describe('Its node, if it is one of this cluster.'),
  mac: mac
    .optional()
    .describe('The MAC address that its heartbeats come from. Anyone on the LAN can send from any.'),
  says: nodeName
    .optional()
    .describe('The node that heartbeats which cannot be verified say that they are from.'),
  since: moment.describe('Since when.'),
})

const answerer = z.object({
  mac: mac.describe('The MAC address.'),
  node: nodeName
    .optional()
    .describe('The node that the MAC address belongs to, if a speaker says that it is its own.'),
})

const finding = z.object({
  address: address.describe('The address.'),
  node: nodeName.describe('The node that announces it.'),
  interface: interfaceName.describe('The interface of this node on which it was asked for.'),
  result: z
    .enum(['Unanswered', 'AnsweredElsewhere', 'AnsweredTwice'])
    .describe(
      'Unanswered: nobody answers for it, though others answer this node. AnsweredElsewhere: the node that announces it does not, and somebody else does. AnsweredTwice: both do.',
    ),
  others: z
    .array(answerer)
    .max(manyAnswerers)
    .describe('Who answers for it and is not the node that announces it.'),
  since: moment.describe('Since when.'),
})

/** What a node's speaker says about itself. */
export const speakerStatus = z
  .object({
    node: nodeName.optional().describe('The node.'),
    interfaces: z.array(interfaceStatus).max(256).optional().describe('The interfaces that can announce.'),
    unusedInterfaces: z
      .array(unusedInterface)
      .max(manyUnused)
      .optional()
      .describe(
        'The interfaces that nothing is announced on, and why. Without the loopback, and without those of Pods.',
      ),
    announcing: z
      .array(announcedAddress)
      .max(manyAddresses)
      .optional()
      .describe('The addresses that this node answers for, on which interface and since when.'),
    peers: z.array(peer).max(4096).optional().describe('The other speakers that this one hears.'),
    conflicts: z
      .array(conflict)
      .max(manyConflicts)
      .optional()
      .describe('Who else answers for addresses that this node announces, the latest first.'),
    foreign: z
      .array(foreignAddress)
      .max(manyForeign)
      .optional()
      .describe(
        'Who answers for addresses that nobody announces yet: those that would be given out next, and those that are quarantined.',
      ),
    estranged: z
      .array(estranged)
      .max(manyEstranged)
      .optional()
      .describe('Other speakers that this one notices, and that are none of its peers.'),
    heldBack: z
      .array(heldBackAddress)
      .max(manyHeldBack)
      .optional()
      .describe(
        'New addresses that this node is to announce and does not answer for yet. Told only of those that wait for more than a moment.',
      ),
    selfTest: z
      .array(finding)
      .max(manyFindings)
      .optional()
      .describe(
        'What is amiss with addresses that other nodes announce, as this node finds when it asks for them on the LAN; the latest first. Empty when all is well.',
      ),
    count: z.int32().min(0).optional().describe('How many addresses this node announces.'),
    peerCount: z.int32().min(0).optional().describe('How many other speakers this one hears.'),
    summary: z.string().max(256).optional().describe('The first few addresses that this node announces.'),
    kubeProxy: z
      .enum(['Healthy', 'Unhealthy', 'Unknown'])
      .optional()
      .describe(
        'What the kube-proxy of this node says of itself. Unhealthy: its rules are behind what the cluster wants, and this node announces only what no other can. Unknown: it does not answer, or is not asked.',
      ),
    observedRevision: revision.optional().describe('The spec.revision that this status speaks about.'),
    conditions: conditions
      .optional()
      .describe(
        'Ready says whether the speaker can announce, and if not, why and what would mend it. Unknown, with reason NotHeard: no other speaker hears it, and the controller says so in its place.',
      ),
  })
  .describe('What this node announces, and what it hears. Written by its speaker, a little behind the truth.')

/** A speaker's status as read. */
export type SpeakerStatus = Frozen<z.output<typeof speakerStatus>>
