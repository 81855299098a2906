/** The Ready condition of a Speaker without the time of its last change. */
export interface Readiness {
  readonly status: 'True' | 'False'
  readonly reason:
    | 'Announcing'
    | 'NoKey'
    | 'NotPermitted'
    | 'NoInterface'
    | 'LinkDown'
    | 'InterfaceTrouble'
    | 'Leaving'
  readonly message: string
}

/** What a speaker's readiness depends on. */
export interface ReadinessFacts {
  /** Why there is no key to sign heartbeats with, in words; empty when there is one. */
  readonly keyTrouble: string
  readonly interfaces: readonly { readonly name: string; readonly up: boolean }[]
  /** Whether the kernel lets this process have packet sockets at all. */
  readonly isPermitted: boolean
  /** Which interfaces cannot be used and why, in words; empty when all is well. */
  readonly trouble: string
  readonly leaving: boolean
}

/** Whether the speaker can announce and, if not, why and what would mend it. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const { interfaces, trouble } = facts
  if (facts.leaving)
    return not('Leaving', 'The speaker was told to end and has handed over what it announced.')
  if (facts.keyTrouble) return not('NoKey', facts.keyTrouble)
  if (!facts.isPermitted) return not('NotPermitted', notPermitted)
  if (trouble) return not('InterfaceTrouble', trouble)
  if (interfaces.length === 0) {
    const each = 'each is a loopback, has a master or no ARP, belongs to a network plugin'
    return not('NoInterface', `No interface can be announced on: ${each}, or is not chosen by --interfaces.`)
  }
  const linked = interfaces.filter(({ up }) => up)
  if (linked.length === 0)
    return not('LinkDown', `${namesOf(interfaces)}: no link; look at the cable and the switch port.`)
  return { status: 'True', reason: 'Announcing', message: `Can announce on ${namesOf(linked)}.` }
}

/** What the log says too when packet sockets are refused. */
export const notPermitted =
  'The kernel refuses packet sockets (EPERM): the capability NET_RAW is missing; give the container securityContext.capabilities.add: [NET_RAW] and runAsUser: 0.'

function namesOf(interfaces: ReadinessFacts['interfaces']): string {
  return interfaces.map(({ name }) => name).join(', ')
}

function not(reason: Readiness['reason'], message: string): Readiness {
  return { status: 'False', reason, message }
}
