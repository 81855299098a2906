export const podMessages = `
Pod
1 metadata ObjectMeta | What every object has.
2 spec PodSpec | What the Pod shall run.
3 status PodStatus | What was found.

PodTemplateSpec
1 metadata ObjectMeta | What every Pod made from this gets.
2 spec PodSpec | What every Pod made from this runs.

PodSpec
1 volumes []Volume key=name retainKeys | What containers may mount.
20 initContainers []Container key=name | Containers that run before the others.
2 containers []Container! key=name | The containers.
34 ephemeralContainers []EphemeralContainer key=name
3 restartPolicy string go=RestartPolicy | Always, OnFailure or Never.
4 terminationGracePeriodSeconds int64? | How long its containers may take to end.
5 activeDeadlineSeconds int64?
6 dnsPolicy string go=DNSPolicy
7 nodeSelector map string atomic | The Pod runs on nodes that bear all of these labels.
8 serviceAccountName string
9 serviceAccount string
21 automountServiceAccountToken bool?
10 nodeName string | The node it runs on.
11 hostNetwork bool | Whether it has the node's network.
12 hostPID bool
13 hostIPC bool
27 shareProcessNamespace bool?
14 securityContext PodSecurityContext?
15 imagePullSecrets []LocalObjectReference key=name
16 hostname string
17 subdomain string
18 affinity Affinity?
19 schedulerName string
22 tolerations []Toleration
23 hostAliases []HostAlias key=ip
24 priorityClassName string
25 priority int32?
26 dnsConfig PodDNSConfig?
28 readinessGates []PodReadinessGate
29 runtimeClassName string?
30 enableServiceLinks bool?
31 preemptionPolicy string? go=PreemptionPolicy
32 overhead map quantity
33 topologySpreadConstraints []TopologySpreadConstraint key=topologyKey keys=topologyKey,whenUnsatisfiable
35 setHostnameAsFQDN bool?
36 os PodOS?
37 hostUsers bool?
38 schedulingGates []PodSchedulingGate key=name
39 resourceClaims []Anything key=name retainKeys
40 resources ResourceRequirements?
41 hostnameOverride string?
43 schedulingGroup Anything?

Toleration
1 key string
2 operator string go=TolerationOperator
3 value string
4 effect string go=TaintEffect
5 tolerationSeconds int64?

HostAlias
1 ip string!
2 hostnames []string

PodDNSConfig
1 nameservers []string
2 searches []string
3 options []PodDNSConfigOption

PodDNSConfigOption
1 name string
2 value string?

PodReadinessGate
1 conditionType string! go=PodConditionType

PodSchedulingGate
1 name string!

PodOS
1 name string! go=OSName

PodSecurityContext
1 seLinuxOptions SELinuxOptions?
8 windowsOptions Anything?
2 runAsUser int64?
6 runAsGroup int64?
3 runAsNonRoot bool?
4 supplementalGroups []int64
12 supplementalGroupsPolicy string? go=SupplementalGroupsPolicy
5 fsGroup int64?
7 sysctls []Sysctl
9 fsGroupChangePolicy string? go=PodFSGroupChangePolicy
10 seccompProfile SeccompProfile?
11 appArmorProfile AppArmorProfile?
13 seLinuxChangePolicy string? go=PodSELinuxChangePolicy

Sysctl
1 name string!
2 value string!

SELinuxOptions
1 user string
2 role string
3 type string
4 level string

SeccompProfile
1 type string! go=SeccompProfileType
2 localhostProfile string?

AppArmorProfile
1 type string! go=AppArmorProfileType
2 localhostProfile string?

TopologySpreadConstraint
1 maxSkew int32!
2 topologyKey string!
3 whenUnsatisfiable string! go=UnsatisfiableConstraintAction
4 labelSelector LabelSelector?
5 minDomains int32?
6 nodeAffinityPolicy string? go=NodeInclusionPolicy
7 nodeTaintsPolicy string? go=NodeInclusionPolicy
8 matchLabelKeys []string
`
