export const coreMessages = `
Namespace
1 metadata ObjectMeta | What every object has.
2 spec NamespaceSpec | What the namespace shall be.
3 status NamespaceStatus | What was found.

NamespaceSpec
1 finalizers []string go=FinalizerName | Who empties the namespace before it goes.

NamespaceStatus
1 phase string go=NamespacePhase | Active or Terminating.
2 conditions []NamespaceCondition key=type

NamespaceCondition
1 type string! go=NamespaceConditionType
2 status string! go=ConditionStatus
4 lastTransitionTime time always
5 reason string
6 message string

ConfigMap
1 metadata ObjectMeta | What every object has.
4 immutable bool? | Whether the data cannot be changed any more.
2 data map string | Texts by name.
3 binaryData map bytes | Bytes by name, in base64.

Secret
1 metadata ObjectMeta | What every object has.
5 immutable bool? | Whether the data cannot be changed any more.
2 data map bytes | Bytes by name, in base64.
4 stringData map string | Texts by name, added to data on writing and never read back.
3 type string go=SecretType | What the secret is for. Opaque by default.

ServiceAccount
1 metadata ObjectMeta | What every object has.
2 secrets []ObjectReference key=name
3 imagePullSecrets []LocalObjectReference
4 automountServiceAccountToken bool?

Endpoints
1 metadata ObjectMeta | What every object has.
2 subsets []EndpointSubset

EndpointSubset
1 addresses []EndpointAddress
2 notReadyAddresses []EndpointAddress
3 ports []EndpointsPort

EndpointAddress atomic
1 ip string!
3 hostname string
4 nodeName string?
2 targetRef ObjectReference?

EndpointsPort atomic go=EndpointPort
1 name string
2 port int32!
3 protocol string go=Protocol
4 appProtocol string?

Binding
1 metadata ObjectMeta
2 target ObjectReference!

Eviction
1 metadata ObjectMeta
2 deleteOptions DeleteOptions?
`
