import { writeFile } from 'node:fs/promises'
import { Api } from '../../platform/kubernetes/api.ts'
import { loadConfig } from '../../platform/kubernetes/config.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { Collection } from '../cluster/collection.ts'
import { keyOf, type ClusterNode, type EndpointSlice, type Pod, type Service } from '../cluster/objects.ts'
import { startRelay } from '../relay.ts'
import { IpBatch } from './ip-batch.ts'
import { LanAddress } from './node/lan-address.ts'
import { NodeKeeper } from './node/node-keeper.ts'
import { PeerRoutes, peerRoutesOf } from './node/peer-routes.ts'
import { PodRunner } from './pods/pod-runner.ts'
import { serveHealthz } from './proxy/health-checks.ts'
import { ServiceProxy } from './proxy/service-proxy.ts'

export interface AgentOptions {
  readonly node: string
  readonly kubeconfig: string
  readonly apiSocket: string
  readonly apiPort: number
  readonly podCidr: string
  readonly interface: string
  readonly log: Log
}

export interface Agent {
  close(): Promise<void>
}

/**
 * As kube-proxy's strictARP: the kernel speaks ARP for what an interface really has, and for nothing else. NDP it speaks
 * so anyway; but an address of IPv6 that is routed here and bound nowhere can only be listened on with its leave.
 */
const settings = {
  'net/ipv6/ip_nonlocal_bind': '1',
  'net/ipv4/conf/all/arp_ignore': '1',
  'net/ipv4/conf/all/arp_announce': '2',
  'net/ipv4/tcp_tw_reuse': '1',
  'net/ipv4/ip_local_port_range': '10240 65535',
}

/** Makes the network namespace it runs in a node: API relay, kubelet and kube-proxy in one process. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  await applySettings(options.log)
  const relay = await startRelay({ port: options.apiPort, host: '127.0.0.1' }, { path: options.apiSocket })
  const api = new Api(await loadConfig({ kubeconfig: options.kubeconfig }))
  const ip = new IpBatch()
  const lan = new LanAddress(options.interface)
  await lan.found()
  const parts = await startParts(options, api, ip, () => lan.current)
  const healthz = serveHealthz(10256)
  return {
    async close() {
      healthz.close().closeAllConnections()
      await parts.close()
      await api.close()
      await relay.close()
      ip.close()
    },
  }
}

async function startParts(options: AgentOptions, api: Api, ip: IpBatch, hostAddress: () => string) {
  const { node, podCidr, log } = options
  const watched = watch(api, options)
  const { nodes, pods, services, slices } = watched
  const runner = new PodRunner({ node, podCidr, api, ip, hostAddress, pods, log })
  const side = { address: hostAddress, podAt: (address: string) => runner.podAt(address) }
  const proxy = new ServiceProxy({ node, ip, side, log })
  await runner.start()
  await proxy.start()
  const keeper = new NodeKeeper({ node, podCidr, api, hostAddress, find: () => nodes.find(node), log })
  const routes = new PeerRoutes(ip)
  nodes.subscribe((after, before) => {
    if ((after ?? before)?.metadata.name === node) keeper.changed()
    routes.set(peerRoutesOf(nodes.values(), node))
  })
  pods.subscribe((after, before) => eachKey(after, before, (key) => runner.changed(key)))
  services.subscribe((after, before) => eachKey(after, before, (key) => proxy.setService(key, after)))
  slices.subscribe((after, before) => eachKey(after, before, (key) => proxy.setSlice(key, after, before)))
  const collections = Object.values(watched)
  for (const collection of collections) collection.start()
  keeper.changed()
  return {
    async close() {
      await Promise.all(collections.map((collection) => collection.stop()))
      await Promise.all([keeper.close(), runner.close(), proxy.close(), routes.close()])
    },
  }
}

function watch(api: Api, { node, log }: AgentOptions) {
  const onProblem = (err: Error): void => log.debug({ err }, 'watch failed, trying again')
  const core = { groupVersion: '/api/v1', onProblem }
  const discovery = { groupVersion: '/apis/discovery.k8s.io/v1', onProblem }
  return {
    nodes: new Collection<ClusterNode>(api, { ...core, plural: 'nodes' }),
    pods: new Collection<Pod>(api, {
      ...core,
      plural: 'pods',
      query: { fieldSelector: `spec.nodeName=${node}` },
    }),
    services: new Collection<Service>(api, { ...core, plural: 'services' }),
    slices: new Collection<EndpointSlice>(api, { ...discovery, plural: 'endpointslices' }),
  }
}

function eachKey(
  after: { readonly metadata: Pod['metadata'] } | undefined,
  before: { readonly metadata: Pod['metadata'] } | undefined,
  tell: (key: string) => void,
): void {
  const object = after ?? before
  if (object) tell(keyOf(object.metadata))
}

async function applySettings(log: Log): Promise<void> {
  for (const [path, value] of Object.entries(settings))
    await writeFile(`/proc/sys/${path}`, value).catch((err: unknown) =>
      log.warn({ err, path, value }, 'kernel setting not changed'),
    )
}
