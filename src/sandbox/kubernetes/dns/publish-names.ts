import type { Api } from '../../../platform/kubernetes/api.ts'
import { dnsAddress, dnsPort } from '../networks.ts'

const name = 'kube-dns'
const namespace = 'kube-system'

/** Makes the Service that every Pod's resolv.conf leads to; behind it is the server at this address, which is no Pod. */
export async function publishNames(api: Api, server: string): Promise<void> {
  const port = { name: 'dns', protocol: 'UDP', port: dnsPort }
  await api.request('POST', `/api/v1/namespaces/${namespace}/services`, {
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { clusterIP: dnsAddress, ports: [port] },
    },
  })
  await api.request('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
    body: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [port],
      endpoints: [{ addresses: [server], conditions: { ready: true } }],
    },
  })
}
