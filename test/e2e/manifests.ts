import type { Cluster } from './ground.ts'

/** A pool of the addresses `from` to `to` of the cluster's subnet; those from .200 up are free. */
export function pool(cluster: Cluster, name: string, from: number, to: number): string {
  return poolOf(name, `${networkOf(cluster)}.${from}-${networkOf(cluster)}.${to}`)
}

/** A pool of these entries. */
export function poolOf(name: string, ...addresses: readonly string[]): string {
  return poolWith(name, { addresses })
}

/** A pool with this spec. */
export function poolWith(name: string, spec: object): string {
  return `apiVersion: lanlord.dev/v1beta1
kind: AddressPool
metadata: { name: ${name} }
spec: ${JSON.stringify(spec)}
`
}

/** `10.1.2` of `10.1.2.0/24`. */
export function networkOf(cluster: Pick<Cluster, 'subnet'>): string {
  return cluster.subnet.split('.').slice(0, 3).join('.')
}

export interface ServiceOptions {
  readonly policy?: 'Cluster' | 'Local'
  readonly annotations?: Readonly<Record<string, string>>
  /** The label `app` of the Pods behind it. */
  readonly app?: string
}

/** A LoadBalancer Service in front of the Pods of `workload`, for HTTP and for echo. */
export function service(name: string, options: ServiceOptions = {}): string {
  const { policy = 'Cluster', annotations = {}, app = 'web' } = options
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, annotations: ${JSON.stringify(annotations)} }
spec:
  type: LoadBalancer
  externalTrafficPolicy: ${policy}
  selector: { app: ${app} }
  ports:
    - { name: http, port: 80, targetPort: 8080, protocol: TCP }
    - { name: echo, port: 7, targetPort: 7777, protocol: UDP }
`
}

/** The Deployment web: one Pod on each of `replicas` nodes. */
export function workload(replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector: { matchLabels: { app: web } }
      containers:
        - name: web
          image: lanlord.dev/web
          env: [{ name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
          ports: [{ containerPort: 8080 }, { containerPort: 7777, protocol: UDP }]
          readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, timeoutSeconds: 5 }
          # Else it has the least weight of all, and a busy machine stops its answers, which look lost then.
          resources: { requests: { cpu: 300m } }
`
}
