import type { Answer } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import { invalid, invalidValue, methodNotAllowed } from './failure.ts'
import { isObject, type JsonObject, timestamp } from './object.ts'

interface Review {
  readonly kind: string
  readonly answer: (sent: JsonObject) => object
}

const authorization = 'authorization.k8s.io'
const authentication = 'authentication.k8s.io'
const everywhere = ['/healthz', '/livez', '/readyz', '/version', '/version/']
const discovery = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*']

/** What everybody who has logged in may do, and what an administrator may: everything. */
const rights = {
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    {
      verbs: ['create'],
      apiGroups: [authorization],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: [authentication], resources: ['selfsubjectreviews'] },
  ],
  nonResourceRules: [
    { verbs: ['*'], nonResourceURLs: ['*'] },
    { verbs: ['get'], nonResourceURLs: [...discovery, '/readyz', '/version', '/version/'] },
    { verbs: ['get'], nonResourceURLs: everywhere },
  ],
  incomplete: false,
}

const sandbox = { username: 'sandbox', uid: 'sandbox', groups: ['system:masters', 'system:authenticated'] }

/** Everybody may do everything here, and is told so. */
const reviews: Readonly<Record<string, Review>> = {
  [`/apis/${authorization}/v1/selfsubjectaccessreviews`]: {
    kind: 'SelfSubjectAccessReview',
    answer: ({ metadata = {}, spec }) => {
      checkSubject(spec)
      return { metadata, spec, status: { allowed: true } }
    },
  },
  [`/apis/${authorization}/v1/selfsubjectrulesreviews`]: {
    kind: 'SelfSubjectRulesReview',
    answer: () => ({ metadata: {}, spec: {}, status: rights }),
  },
  [`/apis/${authentication}/v1/selfsubjectreviews`]: {
    kind: 'SelfSubjectReview',
    answer: () => ({ metadata: { creationTimestamp: timestamp() }, status: { userInfo: sandbox } }),
  },
}

function checkSubject(spec: unknown): void {
  const asked = isObject(spec) ? spec : {}
  const field = 'spec.resourceAttributes'
  const one = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  const isOne = (asked['resourceAttributes'] === undefined) !== (asked['nonResourceAttributes'] === undefined)
  const type = { group: authorization, plural: '', kind: '' }
  if (!isOne) throw invalid(type, '', [invalidValue(field, asked['resourceAttributes'] ?? null, one)])
}

/** Answers what `kubectl auth can-i` and `kubectl auth whoami` ask; undefined for any other path. */
export function review(call: Call): Answer | undefined {
  const review = reviews[call.path]
  if (review === undefined) return undefined
  if (call.method !== 'POST') throw methodNotAllowed()
  const body = bodyOf(call)
  const [, , group] = call.path.split('/')
  const answer = review.answer(isObject(body) ? body : {})
  return { code: 201, json: { kind: review.kind, apiVersion: `${group}/v1`, ...answer } }
}
