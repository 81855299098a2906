import { beginInquiry } from '../../src/core/announcement/inquiry.ts'
import type { Inquiry } from '../../src/core/announcement/inquiry.ts'
import { noTargets } from '../../src/core/announcement/targets.ts'
import type { Targets } from '../../src/core/announcement/targets.ts'
import type { Duty, SpeakerEvent } from '../../src/core/election/event.ts'
import type { Key } from '../../src/core/election/key.ts'
import type { SegmentState, SpeakerState } from '../../src/core/election/state.ts'
import { beginStrangers } from '../../src/core/election/strangers.ts'
import type { Strangers } from '../../src/core/election/strangers.ts'
import { start } from '../../src/core/election/step.ts'
import type { HeartbeatKeys } from '../../src/platform/network/heartbeat-key.ts'
import { newRing } from '../../src/programs/speaker/key-ring.ts'
import type { KeyRing } from '../../src/programs/speaker/key-ring.ts'
import type { HeartbeatFrame } from './frames.ts'
import type { End, Frame } from './lan.ts'

/** The only interface of every machine. */
export const nic = 'eth0'
export const missed = 3
export const intervalMs = 50

/** A node and the speaker that runs on it. */
export interface Machine {
  readonly name: string
  readonly mac: bigint
  readonly macBytes: Uint8Array
  readonly end: End
  /** Powered: its kernel forwards what comes for a Service, speaker or not. */
  isOn: boolean
  /** Its speaker runs; stopped (SIGSTOP) or suspended with the whole virtual machine it runs and does nothing. */
  isUp: boolean
  stopped: 'no' | 'frozen' | 'suspended'
  stoppedAt: number
  /** Gets no processor before then, and until that other moment only now and then. */
  stalledUntil: number
  starvedUntil: number
  /** Its monotonic clock shows `offset + rate * now`. */
  readonly clock: { offset: number; rate: number }
  /** Reaches the API server; hears of changes there (a connection may hang); sees what is so many versions old. */
  hasApi: boolean
  hasNews: boolean
  viewAge: number
  keys: KeyRing
  /** What is in the key files of its node: the Secret as the kubelet brought it last. */
  keyFiles: HeartbeatKeys
  process: Process
  readonly inbox: Inbox
}

/** What waits in the sockets, and from the main thread. */
export interface Inbox {
  readonly heartbeats: HeartbeatFrame[]
  readonly messages: SpeakerEvent[]
  readonly frames: { readonly frame: Frame; readonly from: End }[]
}

/** What ends with the speaker's process. */
export interface Process {
  readonly bootedAt: number
  readonly inquiry: Inquiry
  /** Who sends heartbeats that it cannot verify, and when it looks at that next. */
  readonly strangers: Strangers
  lookAt: number
  state: SpeakerState
  answering: ReadonlySet<Key>
  holds: Targets
  /** Since when it has been awake without a pause, as far as it can know. */
  awakeSince: number
  beatAt: number
  /** The last heartbeat that it sent, and all that it was told and has told. */
  knowsContact: boolean
  toldDuties: readonly Duty[]
  /** Of how many others it knows the MAC. */
  toldSpeakers: number
  toldStatus: string
  /** When it is to do something next, as it is on the agenda. */
  wakeAt: number
  lateMs: number
  readonly known: Known
}

/** What a speaker can know, noted from outside: what it does is held against it. */
export interface Known {
  /** By session: the last packet taken in, and when (on its own clock) one came that carried our session. */
  readonly taken: Map<bigint, number>
  readonly echoedAt: Map<bigint, number>
  /** By node: when one of its packets was last taken in, in the time of the world. */
  readonly heardAt: Map<string, number>
  readonly promisedMs: Map<string, number>
  /** By address: when a live peer gave it up for somebody else. */
  readonly givenUpAt: Map<Key, number>
  peers: ReadonlySet<string>
  /** How many beats in a row it has sent on time, and when the last one, on its own clock. */
  onTime: number
  beatAt: number
}

export function machineOf(number: number, end: End, key: Uint8Array): Machine {
  const mac = 0x020000000000n + BigInt(number + 1)
  return {
    name: end.name,
    mac,
    macBytes: Uint8Array.from({ length: 6 }, (_, at) => Number((mac >> BigInt(8 * (5 - at))) & 0xffn)),
    end,
    isOn: true,
    isUp: false,
    stopped: 'no',
    stoppedAt: 0,
    stalledUntil: 0,
    starvedUntil: 0,
    clock: { offset: 0, rate: 1 },
    hasApi: true,
    hasNews: true,
    viewAge: 0,
    keys: newRing({ current: key }),
    keyFiles: { current: key },
    process: newProcess(end.name, 0n, 0, 0),
    inbox: { heartbeats: [], messages: [], frames: [] },
  }
}

/** A process that starts at `bootedAt`, when its machine's clock shows `now`. */
export function newProcess(node: string, nonce: bigint, now: number, bootedAt: number): Process {
  return {
    bootedAt,
    inquiry: beginInquiry(),
    strangers: beginStrangers(),
    lookAt: -Infinity,
    state: start({ node, nonce, intervalMs, missed }, now),
    answering: new Set(),
    holds: noTargets,
    awakeSince: bootedAt,
    beatAt: -Infinity,
    knowsContact: false,
    toldDuties: [],
    toldSpeakers: 0,
    toldStatus: '',
    wakeAt: Infinity,
    lateMs: 0,
    known: {
      taken: new Map(),
      echoedAt: new Map(),
      heardAt: new Map(),
      promisedMs: new Map(),
      givenUpAt: new Map(),
      peers: new Set(),
      onTime: 0,
      beatAt: -Infinity,
    },
  }
}

/** What the machine's own clock shows. */
export function clockOf({ clock }: Machine, now: number): number {
  return clock.offset + clock.rate * now
}

/** When the machine's own clock will show that. */
export function momentOf({ clock }: Machine, shown: number): number {
  return (shown - clock.offset) / clock.rate
}

/** True while its speaker runs and does something. */
export function isAwake({ isUp, stopped }: Machine): boolean {
  return isUp && stopped === 'no'
}

export function segmentStateOf({ process }: Machine): SegmentState | undefined {
  return process.state.segments.get(nic)
}

/** True when its speaker says that the address is announced here, and does not merely yield it. */
export function announces(machine: Machine, key: Key): boolean {
  if (!machine.isUp || !machine.process.answering.has(key)) return false
  return segmentStateOf(machine)?.holdings.get(key)?.phase === 'announcing'
}

/** True when whoever asks it is answered. */
export function answers(machine: Machine, key: Key): boolean {
  return isAwake(machine) && machine.end.linkUp && machine.process.answering.has(key)
}
