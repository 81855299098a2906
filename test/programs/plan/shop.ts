import { stringify } from 'yaml'
import { namespace, pool, service } from './build.ts'

/** What `kubectl get … -A -o yaml` says of a small cluster: the one that docs/plan.md speaks of. */
export const shop = stringify(
  {
    apiVersion: 'v1',
    items: [
      pool('lan', '192.168.10.200-192.168.10.203', {}, { creationTimestamp: '2025-01-01T00:00:00Z' }),
      service('shop/web', { holds: '192.168.10.200', createdAt: '2025-01-02T00:00:00Z' }),
      service('shop/api', { holds: '192.168.10.201', createdAt: '2025-01-03T00:00:00Z' }),
      service('mail/smtp', { holds: '192.168.10.203', createdAt: '2025-01-04T00:00:00Z' }),
      namespace('shop'),
      namespace('mail'),
    ],
    kind: 'List',
  },
  { aliasDuplicateObjects: false, indentSeq: false },
).replaceAll('from AddressPool lab', 'from AddressPool lan')
