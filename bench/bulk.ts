import { WorkQueue } from '../src/platform/kubernetes/work-queue.ts'
import { servicesPath, type BenchCluster } from './cluster.ts'

interface ServiceItem {
  readonly metadata: { readonly name: string; readonly resourceVersion: string }
  readonly status?: { readonly conditions?: readonly object[] }
}

interface Page {
  readonly metadata: { readonly continue?: string }
  readonly items: readonly ServiceItem[]
}

/** Does something for many names, as many at a time as the controller writes. */
export async function forEach(
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const problems: Error[] = []
  const queue = new WorkQueue({ work, onProblem: (error) => problems.push(error) })
  for (const name of names) queue.add(name)
  await queue.idle()
  if (problems.length > 0)
    throw new AggregateError(problems.slice(0, 3), `${problems.length} requests failed`)
}

/** A Service without endpoints, and without ports of the nodes: of those there are fewer than 3,000. */
export async function addBareService({ api }: BenchCluster, name: string): Promise<void> {
  const spec = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] }
  await api.request('POST', servicesPath, {
    body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec },
  })
}

/** All Services, by name. */
export async function allServices({ api }: BenchCluster): Promise<ReadonlyMap<string, ServiceItem>> {
  const items = new Map<string, ServiceItem>()
  for (let from: string | undefined = ''; from !== undefined;) {
    const page: Page = await api.request('GET', servicesPath, { query: { limit: 500, continue: from } })
    for (const item of page.items) items.set(item.metadata.name, item)
    from = page.metadata.continue === '' ? undefined : page.metadata.continue
  }
  return items
}

/** Writes one foreign condition into the status of each of these Services that were read before, as the controller would. */
export async function patchAll(
  { api }: BenchCluster,
  items: ReadonlyMap<string, ServiceItem>,
): Promise<void> {
  await forEach([...items.keys()], async (name) => {
    const { metadata, status } = items.get(name) as ServiceItem
    const turn = {
      type: 'bench.example.com/Turn',
      status: 'True',
      reason: 'Turn',
      message: 'about as long as what the controller says of an address, and of who announces it',
      lastTransitionTime: new Date().toISOString(),
    }
    const body = {
      metadata: { resourceVersion: metadata.resourceVersion },
      status: { conditions: [...(status?.conditions ?? []), turn] },
    }
    await api.request('PATCH', `${servicesPath}/${name}/status`, { body })
  })
}
