import type { BenchCluster } from './cluster.ts'

/** Publishes so many Services with a Pod on each node; answers their addresses once each is announced. */
export async function publishMany(cluster: BenchCluster, services: number): Promise<readonly string[]> {
  await cluster.addPool('lab', `${cluster.network}.200-${cluster.network}.249`)
  await cluster.addWorkload()
  const names = Array.from({ length: services }, (_, at) => `web-${at}`)
  for (const name of names) await cluster.addService(name, 'Local')
  const addresses: string[] = []
  for (const name of names) addresses.push(await announced(cluster, name))
  return addresses
}

/** The Service's address, once one node says that it announces it. */
export async function announced(cluster: BenchCluster, service: string): Promise<string> {
  let address: string | undefined
  await cluster.eventually(`Service ${service} is announced`, async () => {
    address = await cluster.addressOf(service)
    return address !== undefined && (await cluster.announcerOf(address)) !== undefined
  })
  return address ?? ''
}
