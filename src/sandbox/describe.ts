import type { Playground } from './playground.ts'

/** The one line of JSON: all that a program needs to use the sandbox. */
export async function describeAsJson(sandbox: Playground): Promise<string> {
  const { nodes, controllerPid, apiServerPid } = await sandbox.pids()
  return JSON.stringify({
    kubeconfig: sandbox.kubeconfig,
    subnet: sandbox.subnet,
    ...(sandbox.subnet6 !== undefined && { subnet6: sandbox.subnet6 }),
    client: sandbox.client,
    nodes: sandbox.nodes.map((node) => ({
      ...node,
      speakerPid: nodes.find(({ name }) => name === node.name)?.speakerPid ?? null,
    })),
    controllerPid,
    apiServerPid,
  })
}

/** The same for a person. */
export function describeInWords(sandbox: Playground): string {
  const [first] = sandbox.nodes
  const nodes = sandbox.nodes.map(({ name, address, mac }) => `  ${name}  ${address}  ${mac}`)
  const pools = sandbox.subnet.replace(/0\/\d+$/, '200')
  const ipv6 = sandbox.subnet6 === undefined ? '' : ` and ${sandbox.subnet6}`
  return [
    `A LAN with ${sandbox.nodes.length} nodes is up${kinds[sandbox.ground]}: ${sandbox.subnet}${ipv6}, addresses from ${pools} up are free for pools.`,
    '',
    ...nodes,
    `  client  ${sandbox.client.address}`,
    '',
    'Use it from another terminal:',
    `  export KUBECONFIG=${sandbox.kubeconfig}`,
    `  export CLIENT='${sandbox.client.exec.join(' ')}'`,
    '  kubectl get nodes,speakers,pools',
    '  $CLIENT curl http://ADDRESS',
    ...(first ? [`  ${first.exec.join(' ')} ip neighbour`] : []),
    '',
    `Logs are in ${sandbox.directory}/logs. Ctrl-C ends and removes all of it.`,
    '',
  ].join('\n')
}

const kinds = { embedded: '', cluster: ', with Kubernetes on it' } as const
