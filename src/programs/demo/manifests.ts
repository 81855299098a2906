/** The pool of the demo: ten addresses, 200 to 209, of the sandbox's subnet (`10.1.2.0/24`). */
export function poolManifest(subnet: string): string {
  const network = networkOf(subnet)
  return `apiVersion: lanlord.dev/v1beta1
kind: AddressPool
metadata:
  name: lab
spec:
  addresses: [${network}.200-${network}.209]
`
}

/**
 * One Pod on each node and Local policy: what is measured is then how long an address takes to move. With Cluster
 * policy a node's kube-proxy goes on sending a share to the Pods of a dead node until Kubernetes notices.
 */
export const webManifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: lanlord.dev/web
          ports:
            - { name: http, containerPort: 8080, protocol: TCP }
            - { name: echo, containerPort: 7777, protocol: UDP }
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: web }
  ports:
    - { name: http, port: 80, targetPort: http, protocol: TCP }
    - { name: echo, port: 7, targetPort: echo, protocol: UDP }
`

/** A Service that insists on an address which another one holds. */
export function takenManifest(address: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: cache
  annotations:
    lanlord.dev/addresses: ${address}
spec:
  type: LoadBalancer
  selector: { app: cache }
  ports:
    - { name: redis, port: 6379 }
`
}

function networkOf(subnet: string): string {
  return subnet.split('.').slice(0, 3).join('.')
}
