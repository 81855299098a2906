import type { Effect, HoldingChange } from '../../../src/core/election/effect.ts'
import type { Duty, Segment, SpeakerEvent } from '../../../src/core/election/event.ts'
import type { SpeakerState } from '../../../src/core/election/state.ts'
import { dueAt, start, step } from '../../../src/core/election/step.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'
import type { Heartbeat } from '../../../src/core/wire/heartbeat.ts'

/** Something a speaker did, and when. */
export interface Done {
  readonly at: number
  readonly node: string
  readonly effect: Effect
}

export interface Speaker {
  readonly name: string
  readonly mac: bigint
  state: SpeakerState
  isUp: boolean
  /** How far its clock is behind: a machine that is paused with all its clocks knows nothing of that. */
  lagMs: number
  answering: readonly string[]
  changes: HoldingChange[]
}

/** A LAN on which every frame arrives a fifth of a millisecond later, unless its way is cut. */
export class Lan {
  now = 1_000
  readonly speakers = new Map<string, Speaker>()
  readonly done: Done[] = []
  readonly cuts = new Set<string>()
  /** How often who is booted from now on sends heartbeats; every 50 ms unless it stands here. */
  readonly intervalsMs = new Map<string, number>()
  /** Ways on which heartbeats are lost and nothing else is, as behind a switch that drops unknown multicast. */
  readonly filtered = new Set<string>()
  /** Packets that this says are lost. */
  loses: (from: string, to: string, heartbeat: Heartbeat) => boolean = () => false
  private flying: { at: number; from: string; to: string; event: SpeakerEvent }[] = []

  constructor(...names: string[]) {
    for (const name of names) this.boot(name)
  }

  boot(name: string): void {
    const number = BigInt(this.speakers.size + 1)
    const nonce = BigInt(this.now) * 1000n + number
    const intervalMs = this.intervalsMs.get(name) ?? 50
    const state = start({ node: name, nonce, intervalMs, missed: 3 }, this.now)
    const mac = this.speakers.get(name)?.mac ?? 0x020000000000n + number
    this.speakers.set(name, { name, mac, state, isUp: true, lagMs: 0, answering: [], changes: [] })
    this.tell(name, { kind: 'segments', segments: [this.segment(name)] })
    this.tell(name, { kind: 'contact', contact: true })
  }

  /** Tells every speaker whose MACs there are, as their Speaker objects do. */
  acquaint(): void {
    for (const name of this.speakers.keys()) {
      const others = [...this.speakers.values()].filter((other) => other.name !== name)
      this.tell(name, { kind: 'speakers', macs: new Map(others.map((other) => [other.mac, other.name])) })
    }
  }

  /** From now on the two do not get each other's heartbeats, and everything else. */
  filter(a: string, b: string): void {
    this.filtered.add(`${a}>${b}`).add(`${b}>${a}`)
  }

  kill(name: string): void {
    const speaker = this.speaker(name)
    speaker.isUp = false
    speaker.answering = []
  }

  /** The one interface of a node, changed at will. */
  segment(name: string, change: Partial<Segment> = {}): Segment {
    return {
      interface: 'eth0',
      mac: this.speaker(name).mac,
      up: true,
      prefixes: [],
      addresses: [],
      ...change,
    }
  }

  /** Tells every speaker what is to be announced. */
  announce(...duties: Duty[]): void {
    for (const name of this.speakers.keys()) this.tell(name, { kind: 'duties', duties })
  }

  tell(name: string, event: SpeakerEvent): readonly Effect[] {
    const speaker = this.speaker(name)
    if (!speaker.isUp) return []
    const [state, effects] = step(speaker.state, event, this.now - speaker.lagMs)
    speaker.state = state
    for (const effect of effects) this.carryOut(speaker, effect)
    return effects
  }

  run(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const next = Math.min(...this.flying.map(({ at }) => at), ...this.dueTimes())
      if (next > until) break
      this.now = Math.max(this.now, next)
      this.land()
      for (const { name, state, lagMs } of this.speakers.values()) {
        if (dueAt(state) + lagMs <= this.now) this.tell(name, { kind: 'tick' })
      }
    }
    this.now = until
  }

  /** Who answers for an address, announcing or yielding. */
  answererOf(address: string): readonly string[] {
    return [...this.speakers.values()]
      .filter(({ answering }) => answering.includes(address))
      .map(({ name }) => name)
  }

  /** When and by whom an address was announced since a moment. */
  announcements(address: string, since = 0): readonly { at: number; node: string }[] {
    return this.done
      .filter(
        ({ at, effect }) =>
          effect.kind === 'announce' && at >= since && formatAddress(effect.address) === address,
      )
      .map(({ at, node }) => ({ at, node }))
  }

  /** What happened to an address at a node, in short. */
  storyOf(name: string, address: string): readonly string[] {
    return this.speaker(name)
      .changes.filter((change) => formatAddress(change.address) === address)
      .map(({ to, cause }) => `${to}: ${cause}`)
  }

  effectsOf<Kind extends Effect['kind']>(
    name: string,
    kind: Kind,
  ): readonly Extract<Effect, { kind: Kind }>[] {
    return this.done.flatMap(({ node, effect }) =>
      node === name && effect.kind === kind ? [effect as Extract<Effect, { kind: Kind }>] : [],
    )
  }

  cut(a: string, b: string): void {
    this.cuts.add(`${a}>${b}`).add(`${b}>${a}`)
  }

  speaker(name: string): Speaker {
    const speaker = this.speakers.get(name)
    if (speaker === undefined) throw new Error(`there is no ${name}`)
    return speaker
  }

  private dueTimes(): readonly number[] {
    return [...this.speakers.values()].map(({ isUp, state, lagMs }) =>
      isUp ? dueAt(state) + lagMs : Infinity,
    )
  }

  private land(): void {
    const landed = this.flying.filter(({ at }) => at <= this.now)
    this.flying = this.flying.filter(({ at }) => at > this.now)
    for (const { to, event } of landed) this.tell(to, event)
  }

  private carryOut(speaker: Speaker, effect: Effect): void {
    this.done.push({ at: this.now, node: speaker.name, effect })
    if (effect.kind === 'holdings') {
      speaker.answering = effect.answering.map((one) => formatAddress(one.address))
      speaker.changes.push(...effect.changed)
    }
    if (effect.kind === 'heartbeat') this.broadcast(speaker, { ...effect })
    if (effect.kind === 'announce') this.broadcast(speaker, { ...effect, kind: 'claim', mac: speaker.mac })
    if (effect.kind === 'ask') this.ask(speaker, formatAddress(effect.address))
    if (effect.kind === 'left') this.kill(speaker.name)
  }

  /** Whoever holds the address answers to the asker alone. */
  private ask(asker: Speaker, address: string): void {
    for (const { name, mac, answering, isUp } of this.speakers.values()) {
      const isHeard = !this.cuts.has(`${asker.name}>${name}`) && !this.cuts.has(`${name}>${asker.name}`)
      if (name === asker.name || !isUp || !isHeard || !answering.includes(address)) continue
      const event = { kind: 'answer', interface: 'eth0', address: addressOf(address), mac } as const
      this.flying.push({ at: this.now + 0.4, from: name, to: asker.name, event })
    }
  }

  private broadcast(from: Speaker, event: SpeakerEvent): void {
    for (const { name } of this.speakers.values()) {
      if (name === from.name || this.cuts.has(`${from.name}>${name}`)) continue
      if (event.kind === 'heartbeat' && this.filtered.has(`${from.name}>${name}`)) continue
      if (event.kind === 'heartbeat' && this.loses(from.name, name, event.heartbeat)) continue
      this.flying.push({ at: this.now + 0.2, from: from.name, to: name, event })
    }
  }
}

export function addressOf(text: string): Address {
  return parseAddress(text) as Address
}

/** A duty with these candidates, placed on the first of them unless told otherwise. */
export function dutyOf(address: string, candidates: readonly string[], change: Partial<Duty> = {}): Duty {
  const [first] = candidates
  return {
    address: addressOf(address),
    placement: first === undefined ? undefined : { node: first, revision: 1 },
    candidates: candidates.map((node) => ({ node, lastResort: false })),
    ...change,
  }
}
