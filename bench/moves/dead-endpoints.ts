import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from './lab.ts'
import type { Row } from './rows.ts'
import type { Count, Seen } from './seen.ts'
import { watch, type UdpOutage } from './watch.ts'

/** With policy Cluster, the node that took over sends a share of what comes to the Pod that died with the other one. */
export const deadEndpoints: readonly Row<Scene>[] = [
  { name: 'endpoints', what: 'policy Cluster, announcing node powered off', once: powerOff },
]

/** Each port is a flow of its own, which keeps its Pod: of so many some have each. */
const flows = 48

/** Until Kubernetes has noticed, which the Service's slices say, and kube-proxy a moment later. */
async function powerOff({ cluster, address, calm }: Scene): Promise<Seen> {
  await cluster.whole()
  const node = await cluster.onlyAnnouncerOf(address)
  const { udp, seen } = await watch(cluster.playground, address, { ...calm, flows }, async () => {
    await cluster.playground.powerOff(node)
    await cluster.eventually('Kubernetes has noticed', async () => (await cluster.readyPods()) === 2)
    await sleep(1_500)
  })
  await cluster.playground.powerOn(node)
  await cluster.whole()
  return { sights: seen.sights, counts: [...seen.counts, ...apart(udp)] }
}

/** What was lost in the gap is the takeover's, and the rest the dead Pod's. */
function apart({ lost, lostInGap, failingMs }: UdpOutage): readonly Count[] {
  if (lostInGap === undefined || failingMs === undefined) return []
  return [
    { what: 'datagrams lost to the takeover', value: lostInGap },
    { what: 'datagrams lost to the dead Pod, after it', value: lost - lostInGap },
    { what: 'from the first lost to the last', value: failingMs / 1000, unit: 's' },
  ]
}
