import { service } from '../manifests.ts'
import { serviceStatusRows } from './service-statuses.ts'
import { changed, one } from './service-steps.ts'
import { serviceUpdateRows } from './service-updates.ts'
import { post, type Row } from './steps.ts'

const refused = (title: string, spec: object): Row => ({ title, steps: [post('services', one(spec))] })

const types: readonly Row[] = [
  { title: 'a LoadBalancer', steps: [post('services', one())] },
  { title: 'a ClusterIP', steps: [post('services', one({ type: undefined }))] },
  { title: 'a NodePort', steps: [post('services', one({ type: 'NodePort' }))] },
  { title: 'a headless Service', steps: [post('services', one({ type: 'ClusterIP', clusterIP: 'None' }))] },
  {
    title: 'a headless Service without ports and selector',
    steps: [post('services', { metadata: { name: 'web' }, spec: { clusterIP: 'None' } })],
  },
  {
    title: 'an ExternalName',
    steps: [
      post('services', {
        metadata: { name: 'web' },
        spec: { type: 'ExternalName', externalName: 'example.io' },
      }),
    ],
  },
  {
    title: 'a LoadBalancer of policy Local',
    steps: [post('services', one({ externalTrafficPolicy: 'Local' }))],
  },
  {
    title: 'a LoadBalancer with everything',
    steps: [
      post(
        'services',
        one({
          loadBalancerClass: 'lanlord.dev/lanlord',
          loadBalancerIP: '192.0.2.9',
          loadBalancerSourceRanges: ['192.0.2.0/24'],
          externalIPs: ['192.0.2.10'],
          sessionAffinity: 'ClientIP',
          publishNotReadyAddresses: true,
          allocateLoadBalancerNodePorts: false,
          internalTrafficPolicy: 'Local',
          trafficDistribution: 'PreferClose',
          ports: [
            { name: 'a', port: 80, targetPort: 'http', appProtocol: 'kubernetes.io/h2c' },
            { name: 'b', port: 53, protocol: 'UDP' },
          ],
        }),
      ),
    ],
  },
  ...['ClusterIP', 'NodePort', 'ExternalName'].flatMap((type): Row[] => [
    changed(
      `a LoadBalancer that becomes ${type} and again a LoadBalancer`,
      { loadBalancerClass: 'a/b', externalTrafficPolicy: 'Local' },
      { type, ...(type === 'ExternalName' && { externalName: 'example.io' }) },
      { type: 'LoadBalancer', externalName: null },
    ),
  ]),
  changed(
    'a headless Service that becomes a LoadBalancer',
    { type: 'ClusterIP', clusterIP: 'None' },
    { type: 'LoadBalancer' },
  ),
  changed(
    'a NodePort that becomes a LoadBalancer keeps its port',
    { type: 'NodePort' },
    { type: 'LoadBalancer' },
  ),
]

const stacks: readonly Row[] = [
  ...['SingleStack', 'PreferDualStack', 'RequireDualStack'].flatMap((ipFamilyPolicy): Row[] => [
    refused(`policy ${ipFamilyPolicy}`, { ipFamilyPolicy }),
    refused(`policy ${ipFamilyPolicy} with IPv6 first`, { ipFamilyPolicy, ipFamilies: ['IPv6'] }),
    refused(`policy ${ipFamilyPolicy} with both families`, { ipFamilyPolicy, ipFamilies: ['IPv6', 'IPv4'] }),
    refused(`policy ${ipFamilyPolicy}, headless`, { ipFamilyPolicy, type: 'ClusterIP', clusterIP: 'None' }),
  ]),
  refused('both families without a policy', { ipFamilies: ['IPv4', 'IPv6'] }),
  refused('one family without a policy', { ipFamilies: ['IPv6'] }),
  refused('a family twice', { ipFamilies: ['IPv4', 'IPv4'] }),
  refused('an unknown family', { ipFamilies: ['IPv5'] }),
  refused('an unknown policy of families', { ipFamilyPolicy: 'TripleStack' }),
  refused('addresses of both families', { clusterIPs: ['10.96.0.11', 'fd00:10:96::77'] }),
  refused('an address of one family for the other', { clusterIP: '10.96.0.11', ipFamilies: ['IPv6'] }),
  changed(
    'one family, then both, then one',
    {},
    { ipFamilyPolicy: 'PreferDualStack' },
    { ipFamilyPolicy: 'SingleStack' },
  ),
  changed(
    'one family, then both, then one, with the lists',
    {},
    { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] },
    { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'], clusterIPs: null },
  ),
  changed('another first family is refused', {}, { ipFamilies: ['IPv6'] }),
  changed(
    'another order of families is refused',
    { ipFamilyPolicy: 'RequireDualStack' },
    { ipFamilies: ['IPv6', 'IPv4'] },
  ),
  changed(
    'families taken away',
    { ipFamilyPolicy: 'RequireDualStack' },
    { ipFamilies: null },
    { ipFamilyPolicy: null, ipFamilies: null },
  ),
]

const mistakes: readonly Row[] = [
  refused('no ports', { ports: [] }),
  refused('no number of a port', { ports: [{ name: 'a' }] }),
  refused('a port of 0', { ports: [{ port: 0 }] }),
  refused('a port out of range', { ports: [{ port: 70_000 }] }),
  refused('a port that is a text', { ports: [{ port: 'http' }] }),
  refused('a target port of 0', { ports: [{ port: 80, targetPort: 0 }] }),
  refused('a target port out of range', { ports: [{ port: 80, targetPort: 70_000 }] }),
  refused('a target port with a long name', { ports: [{ port: 80, targetPort: 'this-is-too-long-a-name' }] }),
  refused('a target port with a wrong name', { ports: [{ port: 80, targetPort: 'a_b' }] }),
  refused('two ports without names', { ports: [{ port: 1 }, { port: 2 }] }),
  refused('a name twice', {
    ports: [
      { name: 'a', port: 1 },
      { name: 'a', port: 2 },
    ],
  }),
  refused('a port twice', {
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 1 },
    ],
  }),
  refused('a port in two protocols', {
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 1, protocol: 'UDP' },
    ],
  }),
  refused('a port name that is wrong', { ports: [{ name: 'A_b', port: 1 }] }),
  refused('a port name that is long', { ports: [{ name: 'a'.repeat(64), port: 1 }] }),
  refused('an unknown protocol', { ports: [{ port: 1, protocol: 'ICMP' }] }),
  refused('an unknown type', { type: 'Balanced' }),
  refused('an unknown session affinity', { sessionAffinity: 'Cookie' }),
  refused('a session affinity out of range', {
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } },
  }),
  refused('a session affinity config for none', {
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 90 } },
  }),
  refused('an unknown external policy', { externalTrafficPolicy: 'Nearby' }),
  refused('an unknown internal policy', { internalTrafficPolicy: 'Nearby' }),
  refused('an unknown distribution', { trafficDistribution: 'Nearby' }),
  refused('an external policy on a ClusterIP', { type: 'ClusterIP', externalTrafficPolicy: 'Local' }),
  refused('a health check port on a ClusterIP', { type: 'ClusterIP', healthCheckNodePort: 30_000 }),
  refused('a health check port without policy Local', { healthCheckNodePort: 30_000 }),
  refused('a node port on a ClusterIP', { type: 'ClusterIP', ports: [{ port: 1, nodePort: 30_011 }] }),
  refused('a node port out of range', { ports: [{ port: 1, nodePort: 80 }] }),
  refused('a node port twice', {
    ports: [
      { name: 'a', port: 1, nodePort: 30_012 },
      { name: 'b', port: 2, nodePort: 30_012 },
    ],
  }),
  refused('a node port for two protocols', {
    ports: [
      { name: 'a', port: 1, nodePort: 30_013 },
      { name: 'b', port: 1, nodePort: 30_013, protocol: 'UDP' },
    ],
  }),
  refused('an address from elsewhere', { clusterIP: '192.0.2.1' }),
  refused('an address that is none', { clusterIP: 'one' }),
  refused('addresses that are none', { clusterIPs: ['one', 'two'] }),
  refused('three addresses', { clusterIPs: ['10.96.0.11', 'fd00:10:96::77', '10.96.0.12'] }),
  refused('two addresses of one family', { clusterIPs: ['10.96.0.11', '10.96.0.12'] }),
  refused('an address and another in the list', { clusterIP: '10.96.0.11', clusterIPs: ['10.96.0.12'] }),
  refused('None as a LoadBalancer', { clusterIP: 'None' }),
  refused('a class on a ClusterIP', { type: 'ClusterIP', loadBalancerClass: 'a/b' }),
  refused('no allocation of ports on a ClusterIP', {
    type: 'ClusterIP',
    allocateLoadBalancerNodePorts: false,
  }),
  refused('an empty class', { loadBalancerClass: '' }),
  refused('a class that is no name', { loadBalancerClass: 'a b' }),
  refused('a class with two slashes', { loadBalancerClass: 'a/b/c' }),
  refused('an external address that is none', { externalIPs: ['one'] }),
  refused('an external address of loopback', {
    externalIPs: ['127.0.0.1', '0.0.0.0', '224.0.0.1', '169.254.0.1'],
  }),
  refused('source ranges that are none', { loadBalancerSourceRanges: ['192.0.2.1'] }),
  refused('source ranges on a ClusterIP', { type: 'ClusterIP', loadBalancerSourceRanges: ['192.0.2.0/24'] }),
  refused('a selector that is wrong', { selector: { 'a b': 'c d' } }),
  refused('an ExternalName without a name', { type: 'ExternalName' }),
  refused('an ExternalName with an address', {
    type: 'ExternalName',
    externalName: 'example.io',
    clusterIP: '10.96.0.11',
  }),
  refused('an ExternalName that is no name', { type: 'ExternalName', externalName: 'Example_' }),
  refused('a headless ExternalName', { type: 'ExternalName', externalName: 'example.io', clusterIP: 'None' }),
  refused('a load balancer address that is none', { loadBalancerIP: 'one' }),
  refused('several at once', {
    type: 'Balanced',
    ports: [{ port: 0 }],
    sessionAffinity: 'x',
    clusterIP: 'one',
  }),
  ...['1st', 'Web', 'a.b', 'a_b', 'a'.repeat(64), '-a', 'a-'].map((name): Row => ({
    title: `the name ${name}`,
    steps: [post('services', service(name))],
  })),
]

export const serviceRows: readonly Row[] = [
  ...types,
  ...stacks,
  ...mistakes,
  ...serviceUpdateRows,
  ...serviceStatusRows,
]
