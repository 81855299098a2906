import { lanInterface } from './lan/plan.ts'
import type { Lan } from './lan/lan.ts'
import type { Program } from './processes.ts'
import type { Scratch } from './scratch.ts'

/** Where each speaker serves /metrics, /healthz and /readyz, seen from its own node. */
export const speakerPort = 9114

export interface Places {
  readonly scratch: Scratch
  readonly apiPort: number
  readonly controllerPort: number
}

/** Listens on a Unix socket for the nodes, which have no way to this machine's network, and on TCP for the machine. */
export function apiServerProgram({ scratch, apiPort }: Places): Program {
  const flags = { socket: scratch.apiSocket, state: scratch.apiState, listen: `127.0.0.1:${apiPort}` }
  return { name: 'api-server', place: [], flags }
}

export function controllerProgram({ scratch, controllerPort }: Places): Program {
  const http = `127.0.0.1:${controllerPort}`
  return {
    name: 'controller',
    place: [],
    flags: { kubeconfig: scratch.kubeconfig, identity: 'controller', http },
  }
}

export function speakerPrograms({ scratch }: Places, lan: Lan, heartbeat?: string): readonly Program[] {
  const { kubeconfig, keys } = scratch
  const http = `127.0.0.1:${speakerPort}`
  return lan.plan.nodes.map(({ name }) => ({
    name: `speaker/${name}`,
    place: lan.execIn(name),
    flags: { kubeconfig, node: name, 'key-directory': keys, http, ...(heartbeat && { heartbeat }) },
  }))
}

export function nodeAgentPrograms({ scratch, apiPort }: Places, lan: Lan): readonly Program[] {
  const { kubeconfig, apiSocket } = scratch
  return lan.plan.nodes.map(({ name }, index) => ({
    name: `node-agent/${name}`,
    place: lan.execIn(name),
    flags: {
      kubeconfig,
      node: name,
      interface: lanInterface,
      'api-socket': apiSocket,
      'api-port': String(apiPort),
      'pod-cidr': `10.244.${index + 1}.0/24`,
    },
  }))
}
