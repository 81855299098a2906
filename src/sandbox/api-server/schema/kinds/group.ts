export const groupMessages = `
Lease
1 metadata ObjectMeta | What every object has.
2 spec LeaseSpec | Who holds it.

LeaseSpec
1 holderIdentity string? | Who holds the lease.
2 leaseDurationSeconds int32? | How long others wait after renewTime before they take it.
3 acquireTime microTime? | When it was acquired.
4 renewTime microTime? | When it was last renewed.
5 leaseTransitions int32? | How often it changed hands.
6 strategy string?
7 preferredHolder string?

EndpointSlice
1 metadata ObjectMeta | What every object has.
4 addressType string! | IPv4, IPv6 or FQDN.
2 endpoints []Endpoint | The endpoints.
3 ports []EndpointPort | The ports of each endpoint.

Endpoint open
1 addresses []string! | The addresses of this endpoint.
2 conditions EndpointConditions | How it does.
3 hostname string?
4 targetRef ObjectReference? | The Pod that it is.
6 nodeName string? | The node that it is on.
7 zone string?

EndpointConditions
1 ready bool? | Whether it takes traffic.
2 serving bool? | Whether it could take traffic, also while it ends.
3 terminating bool? | Whether it ends.

EndpointPort
1 name string? | The name of the port.
2 protocol string? | TCP, UDP or SCTP.
3 port int32? | The port.
4 appProtocol string?

Role
1 metadata ObjectMeta | What every object has.
2 rules []PolicyRule | What is allowed.

ClusterRole open
1 metadata ObjectMeta | What every object has.
2 rules []PolicyRule | What is allowed.

PolicyRule
1 verbs []string! | What may be done.
2 apiGroups []string | With resources of which groups.
3 resources []string | With which resources.
4 resourceNames []string | With which objects; all where the list is empty.
5 nonResourceURLs []string | With which other paths.

RoleBinding
1 metadata ObjectMeta | What every object has.
2 subjects []Subject | Who is allowed.
3 roleRef RoleRef! | What.

Subject
1 kind string! | User, Group or ServiceAccount.
2 apiGroup string
3 name string! | The name.
4 namespace string | The namespace of a ServiceAccount.

RoleRef
1 apiGroup string!
2 kind string!
3 name string!

CustomResourceDefinition
1 metadata ObjectMeta | What every object has.
2 spec DefinitionSpec! | What the new kind is.
3 status DefinitionStatus | What was found.

DefinitionSpec open
1 group string! | The group of the new kind.
3 names DefinitionNames! | What it is called.
4 scope string! | Cluster or Namespaced.
7 versions []DefinitionVersion! | Its versions.

DefinitionNames
1 plural string! | What paths call it.
2 singular string | What one of it is called.
3 shortNames []string | What people call it.
4 kind string! | What objects call it.
5 listKind string | What lists of it call themselves.
6 categories []string | Groups of kinds that kubectl lists together.

DefinitionVersion open
1 name string! | The name of the version.
2 served bool! | Whether it is served.
3 storage bool! | Whether objects are stored in it.
6 additionalPrinterColumns []DefinitionColumn | What kubectl get prints.

DefinitionColumn
1 name string! | The heading.
2 type string! | The type of what stands below it.
3 format string
4 description string | What it says.
5 priority int32 | Above zero: only with -o wide.
6 jsonPath string! | Where the value is found.

DefinitionStatus open
1 conditions []Condition key=type

SelfSubjectAccessReview open
1 metadata ObjectMeta
2 spec SelfSubjectAccessReviewSpec

SelfSubjectAccessReviewSpec
1 resourceAttributes ResourceAttributes?
2 nonResourceAttributes NonResourceAttributes?

ResourceAttributes open
1 namespace string
2 verb string
3 group string
4 version string
5 resource string
6 subresource string
7 name string

NonResourceAttributes
1 path string
2 verb string

SelfSubjectRulesReview open
1 metadata ObjectMeta
2 spec SelfSubjectRulesReviewSpec

SelfSubjectRulesReviewSpec
1 namespace string

SelfSubjectReview open
1 metadata ObjectMeta
`
