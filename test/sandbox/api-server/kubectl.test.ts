import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiProcess } from './api-process.ts'
import { asksReal } from './ground.ts'
import { kubectls, Session } from './kubectl.ts'
import { service, widget, widgetDefinition } from './manifests.ts'
import { RealApi } from './real-api.ts'

const found = kubectls()

if (found.length === 0) {
  test('there is a kubectl to drive', (context) => {
    if (process.env['CI']) throw new Error('no kubectl on PATH and none in LANLORD_KUBECTLS')
    context.skip('there is no kubectl on PATH and none in LANLORD_KUBECTLS')
  })
}

const json = JSON.stringify

describe.each(found)('kubectl $version', (kubectl) => {
  let server: AsyncDisposable & { readonly kubeconfig: string }
  let home: string
  let k: Session

  beforeAll(async () => {
    server = await (asksReal
      ? RealApi.start(['garbage-collector-controller', 'namespace-controller'])
      : ApiProcess.start())
    home = mkdtempSync(join(tmpdir(), 'lanlord-kubectl-'))
    k = new Session(kubectl, home, server.kubeconfig)
    await k.ok('apply -f -', json(widgetDefinition))
    await k.ok('wait --for=condition=Established crd/widgets.example.io --timeout=5s')
  })

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    rmSync(home, { recursive: true, force: true })
  })

  test('asks about the cluster', async () => {
    expect(await k.ok('version')).toContain('Server Version: v1.')
    expect(await k.ok('cluster-info')).toContain('Kubernetes control plane')
    expect(await k.ok('api-resources')).toMatch(/^widgets +wd +example.io\/v1 +false +Widget$/m)
    expect(await k.ok('auth can-i create services')).toBe('yes\n')
    expect(await k.ok('get --raw /readyz')).toContain('ok')
  })

  test('applies a Service, applies it again with one port more, and prints it as a cluster would', async () => {
    expect(await k.ok('apply -f -', json(service('web')))).toBe('service/web created\n')
    expect(await k.ok('apply -f -', json(service('web')))).toBe('service/web unchanged\n')
    const ports = [
      { name: 'tls', port: 443 },
      { name: 'http', port: 80, targetPort: 8080 },
    ]
    const before = await k.ok(`get svc web -o 'jsonpath={.spec.ports[0].nodePort}'`)
    expect(await k.ok('apply -f -', json(service('web', { ports })))).toBe('service/web configured\n')
    expect(await k.ok(`get svc web -o 'jsonpath={.spec.ports[*].port}'`)).toBe('443 80')
    expect(await k.ok(`get svc web -o 'jsonpath={.spec.ports[1].nodePort}'`)).toBe(before)
    expect(await k.ok('get svc web')).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\nweb +LoadBalancer +10\.96\.\S+ +<pending> +443:3\d{4}\/TCP,80:3\d{4}\/TCP +\d+s\n$/,
    )
    expect(await k.ok('get svc web -o wide')).toMatch(/SELECTOR\n.* app=web\n$/)
    expect(await k.ok('get svc -A')).toMatch(/^default +kubernetes +ClusterIP +10\.96\.0\.1 /m)
    expect(await k.ok('get svc web -o name')).toBe('service/web\n')
    expect(JSON.parse(await k.ok('get svc -o json'))).toMatchObject({ kind: 'List', items: [{}, {}] })
    expect(await k.ok('get svc -o yaml')).toContain('allocateLoadBalancerNodePorts: true')
  })

  test('patches a Service in each of the ways there are', async () => {
    await k.ok('apply -f -', json(service('patched')))
    const status = json({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } })
    await k.ok(`patch svc patched --subresource=status --type=merge -p '${status}'`)
    expect(await k.ok('get svc patched')).toContain(' 192.0.2.7 ')
    await k.ok(`patch svc patched -p '{"spec":{"externalTrafficPolicy":"Local"}}'`)
    await k.ok(
      `patch svc patched -p '{"spec":{"ports":[{"port":80,"$patch":"delete"},{"name":"a","port":81}]}}'`,
    )
    await k.ok(
      `patch svc patched --type=json -p '[{"op":"add","path":"/metadata/labels","value":{"x":"y"}}]'`,
    )
    const after = JSON.parse(await k.ok('get svc patched -o json')) as object
    expect(after).toMatchObject({
      metadata: { labels: { x: 'y' } },
      spec: { externalTrafficPolicy: 'Local', ports: [{ name: 'a', port: 81 }] },
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.7', ipMode: 'VIP' }] } },
    })
    expect((after as { spec: { healthCheckNodePort: number } }).spec.healthCheckNodePort).toBeGreaterThan(
      29_999,
    )
  })

  test('labels, annotates, edits, replaces and compares', async () => {
    await k.ok('apply -f -', json(service('edited')))
    await k.ok('label svc edited tier=front')
    await k.ok('annotate svc edited lanlord.dev/pool=lan')
    expect(await k.ok('get svc -l tier=front -o name')).toBe('service/edited\n')
    expect(await k.ok(`get svc -l 'tier in (back,front),!missing' -o name`)).toBe('service/edited\n')
    expect(await k.ok('get svc --field-selector metadata.name=edited -o name')).toBe('service/edited\n')
    await k.ok('label svc edited tier-')
    expect(await k.ok('get svc -l tier')).toBe('')
    const edited = await k.run(['edit', 'svc', 'edited'], '', {
      KUBE_EDITOR: 'sed -i s/targetPort:\\ 8080/targetPort:\\ 9090/',
    })
    expect(edited).toMatchObject({ code: 0, stdout: 'service/edited edited\n' })
    expect(await k.run(['diff', '-f', '-'], json(service('edited')))).toMatchObject({ code: 1 })
    const full = JSON.parse(await k.ok('get svc edited -o json')) as object
    expect(await k.ok('replace -f -', json(full))).toBe('service/edited replaced\n')
    const stale = { ...full, metadata: { ...(full as { metadata: object }).metadata, resourceVersion: '1' } }
    expect(await k.fails('replace -f -', json(stale))).toContain('the object has been modified')
    expect(await k.ok('apply -f -', json(service('edited')))).toBe('service/edited configured\n')
    expect((await k.run(['diff', '-f', '-'], json(service('edited')))).code).toBe(0)
  })

  test('describes a Service with its Events', async () => {
    await k.ok('apply -f -', json(service('told')))
    const uid = await k.ok(`get svc told -o 'jsonpath={.metadata.uid}'`)
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'told.1' },
      eventTime: new Date().toISOString().replace('Z', '000Z'),
      type: 'Warning',
      reason: 'PoolExhausted',
      action: 'Allocate',
      note: 'pool lan has no address left',
      reportingController: 'lanlord.dev/controller',
      reportingInstance: 'a',
      regarding: { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'told', uid },
    }
    await k.ok('create -f -', json(event))
    expect(await k.ok('describe svc told')).toMatch(
      /Warning +PoolExhausted +\S+ +\S+ +pool lan has no address left/,
    )
    expect(await k.ok('events')).toContain('PoolExhausted')
    expect(await k.ok('get events')).toMatch(/service\/told +pool lan has no address left/)
    expect(await k.ok('get events.events.k8s.io')).toContain('PoolExhausted')
  })

  test('creates from the command line, which sends protobuf', async () => {
    await k.ok('create namespace shop')
    await k.ok('create service loadbalancer lb --tcp=80:8080 -n shop')
    await k.ok('create configmap settings --from-literal=a=b -n shop')
    await k.ok('create secret generic key --from-literal=a=b -n shop')
    await k.ok('create deployment web --image=web:1 --replicas=2 --port=80 -n shop')
    await k.ok('create serviceaccount robot -n shop')
    await k.ok('create role reader --verb=get --resource=services -n shop')
    await k.ok('create rolebinding reader --role=reader --serviceaccount=shop:robot -n shop')
    const all = JSON.parse(await k.ok('get svc,cm,secret,deploy,rolebinding -n shop -o json')) as object
    expect(all).toMatchObject({
      items: [
        { spec: { type: 'LoadBalancer', ports: [{ name: '80-8080', port: 80, targetPort: 8080 }] } },
        { data: { a: 'b' } },
        { data: { a: 'Yg==' }, type: 'Opaque' },
        {
          spec: {
            replicas: 2,
            template: { spec: { containers: [{ image: 'web:1', ports: [{ containerPort: 80 }] }] } },
          },
        },
        { roleRef: { kind: 'Role', name: 'reader' }, subjects: [{ kind: 'ServiceAccount', name: 'robot' }] },
      ],
    })
    expect(await k.ok('get secret key -n shop')).toMatch(/^key +Opaque +1 /m)
    expect(await k.fails('create namespace shop')).toContain('namespaces "shop" already exists')
    expect(await k.ok('delete namespace shop --timeout=30s')).toContain('deleted')
    expect(await k.ok('get svc,cm,secret,deploy -n shop')).toBe('')
  })

  test('takes a List apart, runs a Pod and exposes it', async () => {
    const named = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
    const list = { apiVersion: 'v1', kind: 'List', items: [named('l1'), named('l2')] }
    expect(await k.ok('apply -f -', json(list))).toBe('configmap/l1 created\nconfigmap/l2 created\n')
    await k.ok('run solo --image=solo:1 --port=80 --labels=app=solo')
    await k.ok('expose pod solo --name=solo --type=LoadBalancer --port=81')
    expect(await k.ok('get svc solo -L app')).toMatch(/ 81:3\d{4}\/TCP .* solo\n$/)
    expect(await k.ok('get cm,svc --chunk-size=1 --sort-by=.metadata.name -o name')).toContain('service/solo')
    expect(await k.ok('delete svc/solo pod/solo cm/l1 cm/l2')).toContain('"solo" deleted')
  })

  test('scales and restarts a Deployment', async () => {
    await k.ok('create deployment app --image=app:1')
    await k.ok('scale deployment app --replicas=5')
    expect(await k.ok('get deployment app')).toMatch(/^app +0\/5 +0 +0 /m)
    await k.ok('scale deployment app --replicas=0')
    await k.ok('rollout restart deployment app')
    const restarted = await k.ok(`get deployment app -o 'jsonpath={.spec.template.metadata.annotations}'`)
    expect(restarted).toContain('kubectl.kubernetes.io/restartedAt')
    await k.ok('set image deployment/app app=app:2')
    expect(await k.ok(`get deployment app -o 'jsonpath={.metadata.generation} {.spec.replicas}'`)).toBe('5 0')
    const observed = json({ status: { observedGeneration: 5 } })
    await k.ok(`patch deployment app --subresource=status --type=merge -p '${observed}'`)
    expect(await k.ok('rollout status deployment app --timeout=5s')).toContain('successfully rolled out')
    expect(await k.ok('delete deployment app')).toContain('deleted')
  })

  test('applies, explains and prints custom resources, and refuses bad ones', async () => {
    expect(await k.ok('apply -f -', json(widget('one')))).toBe('widget.example.io/one created\n')
    expect(await k.ok('apply -f -', json(widget('one', { size: 4 })))).toBe(
      'widget.example.io/one configured\n',
    )
    expect(await k.ok('get wd')).toMatch(/^NAME +SIZE +READY +AGE\none +4 +\d+s\n$/)
    expect(await k.ok('get wd -o wide')).toMatch(/^NAME +SIZE +READY +COLOR +AGE\none +4 +red +\d+s\n$/)
    expect(await k.ok('explain widget')).toContain('A thing of some size.')
    expect(await k.ok('explain widget.spec')).toMatch(/size\s+<integer> -required-\s+How large it is\./)
    expect(await k.ok('explain service.spec.ports.nodePort')).toContain('FIELD: nodePort <integer>')
    await k.ok(`patch wd one --type=merge -p '{"spec":{"size":5}}'`)
    const wrong = await k.fails(
      'apply -f -',
      json(widget('two', { size: 30, color: 'grey', tags: ['a', 'B', 'c'] })),
    )
    expect(wrong).toContain(
      'spec.size: Invalid value: 30: spec.size in body should be less than or equal to 10',
    )
    expect(wrong).toContain('spec.color: Unsupported value: "grey": supported values: "red", "blue"')
    expect(wrong).toContain('spec.tags: Too many: 3: must have at most 2 items')
    expect(wrong).toContain(`spec.tags[1]: Invalid value: "B": spec.tags[1] in body should match '^[a-z]+$'`)
    expect(await k.fails('apply -f -', json(widget('two', { colour: 'red' })))).toContain(
      'unknown field "spec.colour"',
    )
    const warned = await k.run(
      ['apply', '--validate=warn', '-f', '-'],
      json(widget('two', { colour: 'red' })),
    )
    expect(warned).toMatchObject({ code: 0, stderr: 'Warning: unknown field "spec.colour"\n' })
    const edited = await k.run(['edit', 'wd', 'one'], '', { KUBE_EDITOR: 'sed -i s/size:\\ 5/size:\\ 6/' })
    expect(edited).toMatchObject({ code: 0 })
    expect(await k.ok('delete wd --all')).toContain('deleted')
  })

  test('applies on the server, where each applier owns what it states', async () => {
    const one = service('owned', { sessionAffinity: 'ClientIP' }, { labels: { a: '1', b: '2' } })
    expect(await k.ok('apply --server-side -f -', json(one))).toBe('service/owned serverside-applied\n')
    const version = await k.ok(`get svc owned -o 'jsonpath={.metadata.resourceVersion}'`)
    await k.ok('apply --server-side -f -', json(one))
    expect(await k.ok(`get svc owned -o 'jsonpath={.metadata.resourceVersion}'`)).toBe(version)
    await k.ok('apply --server-side -f -', json(service('owned', {}, { labels: { a: '1' } })))
    const labels = await k.ok(`get svc owned -o 'jsonpath={.metadata.labels}'`)
    expect(JSON.parse(labels)).toEqual({ a: '1' })
    const other = json(service('owned', {}, { labels: { a: 'other' } }))
    expect(await k.fails('apply --server-side --field-manager=second -f -', other)).toContain(
      'conflict with "kubectl"',
    )
    await k.ok('apply --server-side --field-manager=second --force-conflicts -f -', other)
    expect(await k.ok('get svc owned --show-managed-fields -o yaml')).toContain('manager: second')
  })

  test('waits for a condition, for a field and for the end', async () => {
    await k.ok('apply -f -', json(widget('slow', {}, { finalizers: ['example.io/hold'] })))
    const ready = k.ok('wait --for=condition=Ready wd/slow --timeout=10s')
    const status = json({ status: { conditions: [{ type: 'Ready', status: 'True' }] } })
    await k.ok(`patch wd slow --subresource=status --type=merge -p '${status}'`)
    expect(await ready).toContain('condition met')
    await k.ok(`wait --for=jsonpath={.spec.size}=3 wd/slow --timeout=10s`)
    const deleted = k.ok('delete wd slow --timeout=10s')
    await k.ok('wait --for=jsonpath={.metadata.deletionGracePeriodSeconds}=0 wd/slow --timeout=10s')
    await k.ok(`patch wd slow --type=merge -p '{"metadata":{"finalizers":null}}'`)
    expect(await deleted).toContain('deleted')
    expect(await k.fails('get wd slow')).toContain('widgets.example.io "slow" not found')
  })

  test('watches a list as it changes', async () => {
    const watching = k.start(['get', 'cm', '-w', '-l', 'watched=yes', '--output-watch-events'])
    const lines = createInterface({ input: watching.stdout ?? process.stdin })
    const seen: string[] = []
    lines.on('line', (line) => seen.push(line.trim().split(/\s+/).slice(0, 3).join(' ')))
    const reaches = async (line: string): Promise<void> => {
      while (!seen.includes(line)) await once(lines, 'line')
    }
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'w', labels: { watched: 'yes' } },
    }
    await k.ok('create -f -', json({ ...settings, data: { a: '1' } }))
    await reaches('ADDED w 1')
    await k.ok(`patch cm w -p '{"data":{"b":"2"}}'`)
    await reaches('MODIFIED w 2')
    await k.ok('label cm w watched-')
    await reaches('DELETED w 2')
    watching.kill()
    await once(watching, 'exit')
    expect(seen[0]).toBe('EVENT NAME DATA')
  })

  test('cordons and drains a node, and deletes what a Deployment owns with it', async () => {
    await k.ok('create -f -', json({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } }))
    await k.ok('cordon n1')
    expect(await k.ok('get nodes')).toMatch(/^n1 +Unknown,SchedulingDisabled /m)
    await k.ok('uncordon n1')
    await k.ok('taint node n1 a=b:NoSchedule')
    await k.ok('create deployment owner --image=x')
    const uid = await k.ok(`get deployment owner -o 'jsonpath={.metadata.uid}'`)
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'owner', uid, controller: true }
    const pod = {
      metadata: { name: 'p', ownerReferences: [owner] },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    }
    await k.ok('create -f -', json({ apiVersion: 'v1', kind: 'Pod', ...pod }))
    expect(await k.ok('get pods')).toMatch(/^p +0\/1 +Pending +0 /m)
    await k.ok('delete deployment owner')
    await k.ok('wait --for=delete pod/p --timeout=10s')
    expect(await k.ok('delete node n1')).toContain('deleted')
  })
})
