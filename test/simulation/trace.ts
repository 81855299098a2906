import { formatAddress } from '../../src/core/ip/address.ts'
import type { Effect } from '../../src/core/election/effect.ts'
import type { FaultKind } from './faults.ts'
import type { Machine } from './machine.ts'
import type { Step, World } from './world.ts'

/** Writes down what happens, for a person to read: a line for each fault, and for each thing that a speaker decides. */
export interface Trace {
  readonly say: (world: World, words: string) => void
  readonly act: (world: World, kind: FaultKind, one: Machine, isJudged: boolean) => void
  readonly sees: (world: World, machine: Machine, step: Step) => void
  readonly end: (world: World, violations: readonly string[]) => void
}

/** A trace whose lines are given to `write`. */
export function traceTo(write: (line: string) => void): Trace {
  const say = (world: World, words: string): void => write(`${world.now.toFixed(1).padStart(9)}  ${words}`)
  return {
    say,
    act: (world, kind, { name }, isJudged) =>
      say(world, `--- ${kind} (${name})${isJudged ? ', with everything as it should be' : ''}`),
    sees: (world, machine, { event, effects }) => {
      const because = event.kind === 'heartbeat' ? `heartbeat of ${event.heartbeat.node}` : event.kind
      for (const words of effects.flatMap(wordsOf)) say(world, `${machine.name} ${words}  [${because}]`)
    },
    end: (world, violations) => {
      for (const words of violations) say(world, `!!! ${words}`)
    },
  }
}

function wordsOf(effect: Effect): readonly string[] {
  if (effect.kind === 'holdings')
    return effect.changed.map(({ to, cause, address }) => `${to} ${formatAddress(address)}: ${cause}`)
  if (effect.kind === 'peers') return [`hears ${effect.peers.map(({ node }) => node).join(' ') || 'nobody'}`]
  if ('address' in effect) return wordsOfAddress(effect)
  if (effect.kind === 'estranged')
    return [
      `notices ${effect.estranged.map(({ node, reason }) => `${node} (${reason})`).join(' ') || 'no one else'}`,
    ]
  if (effect.kind === 'quiet') return [effect.quiet ? 'listens' : 'has listened']
  return effect.kind === 'left' ? ['has left'] : []
}

function wordsOfAddress({ kind, address }: Extract<Effect, { address: unknown }>): readonly string[] {
  if (kind === 'conflict') return [`sees a claim of ${formatAddress(address)} that no bid explains`]
  return kind === 'ask' ? [`asks who has ${formatAddress(address)}`] : []
}
