import { run } from './command.ts'
import type { Exec } from './command.ts'

/** Frames that a filter drops, as classic BPF over the Ethernet frame; 2 drops, -1 lets the next filter decide. */
const drop = '6 0 0 2'
const pass = '6 0 0 4294967295'

/** Frames from one sender, told by the last four bytes of its MAC. */
export function framesFrom(mac: string): string {
  const last = Number.parseInt(mac.split(':').slice(2).join(''), 16)
  return `4,32 0 0 8,21 0 1 ${last},${drop},${pass}`
}

/** IPv4 segments from or to one TCP port. */
export function segmentsOf(port: number): string {
  return `8,40 0 0 12,21 0 5 2048,40 0 0 34,21 2 0 ${port},40 0 0 36,21 0 1 ${port},${drop},${pass}`
}

/** Where a filter sits: frames that leave this link. */
export interface Gate {
  readonly exec: Exec
  readonly namespace: string
  readonly link: string
}

/** Filters on the way out of links, by name; setting one twice, or removing one that is not there, changes nothing. */
export class Filters {
  readonly #active = new Map<string, number>()
  readonly #gated = new Set<string>()
  #next = 1

  async set(gate: Gate, name: string, bytecode: string): Promise<void> {
    const key = keyOf(gate, name)
    if (this.#active.has(key)) return
    const preference = this.#next++
    this.#active.set(key, preference)
    const tc = tcOf(gate)
    if (!this.#gated.has(keyOf(gate, ''))) {
      this.#gated.add(keyOf(gate, ''))
      await run([...tc, 'qdisc', 'add', 'dev', gate.link, 'clsact'])
    }
    const rule = ['pref', String(preference), 'protocol', 'all', 'bpf', 'da', 'bytecode', bytecode]
    await run([...tc, 'filter', 'add', 'dev', gate.link, 'egress', ...rule])
  }

  async remove(gate: Gate, name: string): Promise<void> {
    const preference = this.#active.get(keyOf(gate, name))
    if (preference === undefined) return
    this.#active.delete(keyOf(gate, name))
    await run([...tcOf(gate), 'filter', 'del', 'dev', gate.link, 'egress', 'pref', String(preference)])
  }
}

function keyOf(gate: Gate, name: string): string {
  return `${gate.namespace}/${gate.link}/${name}`
}

function tcOf(gate: Gate): readonly string[] {
  return [...gate.exec, 'tc', '-n', gate.namespace]
}
