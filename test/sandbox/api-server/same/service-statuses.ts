import { one } from './service-steps.ts'
import { answer, del, get, merge, post, put, type Row, strategic, table } from './steps.ts'

export const serviceStatusRows: readonly Row[] = [
  {
    title: 'a status with an address',
    steps: [
      post('services', { ...one(), status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
      merge('services/web/status', {
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'Proxy' }] } },
      }),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ hostname: 'example.io' }] } } }),
      merge('services/web/status', {
        status: { loadBalancer: { ingress: [{ hostname: 'example.io', ipMode: 'VIP' }] } },
      }),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ ip: 'one' }] } } }),
      merge('services/web/status', {
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ipMode: 'Some' }] } },
      }),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ hostname: '192.0.2.1' }] } } }),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{}] } } }),
      merge('services/web/status', {
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.1', ports: [{ port: 80, protocol: 'TCP' }] }] } },
      }),
      merge('services/web/status', {
        status: {
          loadBalancer: { ingress: [{ ip: '192.0.2.1', ports: [{ port: 0, protocol: 'X', error: 'a b' }] }] },
        },
      }),
      merge('services/web/status', { status: { loadBalancer: { ingress: null } } }),
      merge('services/web/status', { status: null }),
      merge('services/web/status', {
        spec: { type: 'ClusterIP' },
        metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
      }),
      get('services/web/status'),
      table('services/web'),
    ],
  },
  {
    title: 'conditions of a status',
    steps: [
      post('services', one()),
      merge('services/web/status', {
        status: {
          conditions: [
            {
              type: 'lanlord.dev/Allocated',
              status: 'True',
              reason: 'A',
              message: '',
              lastTransitionTime: '2025-01-01T00:00:00Z',
            },
          ],
        },
      }),
      merge('services/web/status', {
        status: { conditions: [{ type: 'Bad Type', status: 'Yes', reason: '', message: 'x' }] },
      }),
      merge('services/web/status', {
        status: {
          conditions: [
            { type: 'A', status: 'True' },
            { type: 'A', status: 'True' },
          ],
        },
      }),
      merge('services/web/status', {
        status: { conditions: [{ type: 'A', status: 'True', reason: 'a b', lastTransitionTime: 'now' }] },
      }),
      merge('services/web/status', { status: { conditions: 'x' } }),
      strategic('services/web/status', {
        status: {
          conditions: [
            {
              type: 'B',
              status: 'False',
              reason: 'B',
              message: 'b',
              lastTransitionTime: '2025-01-01T00:00:00Z',
            },
          ],
        },
      }),
      merge('services/web', { spec: { type: 'ClusterIP' } }),
      put('services/web/status', answer(1)),
      put('services/web/status', one()),
      post('services/web/status', one()),
      del('services/web/status'),
    ],
  },
  {
    title: 'an address in the status of what is no LoadBalancer',
    steps: [
      post('services', one({ type: 'ClusterIP' })),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
    ],
  },
  {
    title: 'an address given back when the type changes',
    steps: [
      post('services', one()),
      merge('services/web/status', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
      merge('services/web', { spec: { type: 'ClusterIP' } }),
    ],
  },
]
