import { openKubernetesSandbox } from './kubernetes/open-kubernetes-sandbox.ts'
import type { KubernetesOptions } from './kubernetes/options.ts'
import { openSandbox } from './open-sandbox.ts'
import type { SandboxOptions } from './options.ts'
import type { GroundName, Playground } from './playground.ts'

/** What every ground understands, which ground it shall be, and what only the real cluster can be told. */
export type PlaygroundOptions = { readonly ground: GroundName } & SandboxOptions & KubernetesOptions

/** Opens a cluster on the chosen ground and waits until all of it is ready; leaves nothing behind when that fails. */
export function openPlayground({ ground, ...options }: PlaygroundOptions): Promise<Playground> {
  return ground === 'cluster' ? openKubernetesSandbox(options) : openSandbox(options)
}
